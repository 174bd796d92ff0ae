import fc from 'fast-check';
import { breakerTrips, describeBreaker } from '../../../shared/domain/breaker';

describe('R28 a pass stops and asks', () => {
  test.each([
    ['neither more than 20 nor more than 10 %', 20, 1_000, false],
    ['more than 20, no more than 10 %', 21, 210, false],
    ['more than 10 %, no more than 20', 20, 20, false],
    ['both', 21, 209, true],
    ['everything', 5_000, 5_000, true],
  ])('%s', (_title, affected, links, trips) => {
    expect(breakerTrips({ unlinks: affected, recreates: 0 }, links)).toBe(trips);
    expect(breakerTrips({ unlinks: 1, recreates: affected - 1 }, links)).toBe(trips);
  });

  test('more deletions never calm it, and more links never alarm it', () => {
    const count = fc.nat(10_000);
    fc.assert(
      fc.property(count, count, count, (unlinks, recreates, links) => {
        if (breakerTrips({ unlinks, recreates }, links)) {
          expect(breakerTrips({ unlinks: unlinks + 1, recreates }, links)).toBe(true);
        } else expect(breakerTrips({ unlinks, recreates }, links + 1)).toBe(false);
      }),
    );
  });

  test('it says what would be done, to how many of how many, and to whom', () => {
    const words = describeBreaker({ unlinks: 1, recreates: 30 }, 200, ['Acme Ltd', 'Beta Ltd']);
    expect(words).toContain('unlink 1 contact and create 30 contacts again in Capsule, of 200');
    expect(words).toContain('Nothing of it has been done');
    expect(words).toMatch(/Acme Ltd, Beta Ltd …$/);
    expect(describeBreaker({ unlinks: 25, recreates: 0 }, 30, [])).not.toContain('again');
  });
});
