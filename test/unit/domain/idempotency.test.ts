import fc from 'fast-check';
import { idempotencyIdOf, type SageCreate } from '../../../shared/domain/idempotency';

const create = fc.record<SageCreate>({
  scope: fc.constantFrom('t1/b1', 't1/b2', 't2/b1', ''),
  partyId: fc.oneof(
    fc.nat(20),
    fc.maxSafeNat().map((n) => n % 2 ** 48),
  ),
  kind: fc.constantFrom('CUSTOMER', 'VENDOR'),
  epoch: fc.oneof(fc.nat(3), fc.nat(4095)),
});

describe('R29 idempotency ids', () => {
  test('are 32 hexadecimal digits, the same for the same create', () => {
    fc.assert(
      fc.property(create, (one) => {
        expect(idempotencyIdOf(one)).toMatch(/^[0-9a-f]{32}$/);
        expect(idempotencyIdOf({ ...one })).toBe(idempotencyIdOf(one));
      }),
    );
  });

  test('differ for any two creates that differ', () => {
    fc.assert(
      fc.property(create, create, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(idempotencyIdOf(one) === idempotencyIdOf(other)).toBe(same);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([{ partyId: -1 }, { partyId: 1.5 }, { partyId: 2 ** 48 }, { epoch: 4096 }, { epoch: -1 }])(
    'are not made of %j',
    (odd) => {
      const whole: SageCreate = { scope: 't/b', partyId: 1, kind: 'CUSTOMER', epoch: 0 };
      expect(() => idempotencyIdOf({ ...whole, ...odd })).toThrow(RangeError);
    },
  );
});
