import { readDelivery } from '../../shared/capsule/delivery';

const PUBLIC_URL = 'https://sync.test';
const websites = [{ id: 1, address: `${PUBLIC_URL}/s/5f3a` }];
const marked = (id: number) => ({ id, websites });
const made = (id: number, more: object = {}) => ({
  ...{ ...marked(id), type: 'organisation', name: 'Acme Ltd' },
  ...{ createdAt: '2026-03-01T10:00:00Z', updatedAt: '2026-03-01T10:00:01Z' },
  ...more,
});

describe('the parties of a delivery', () => {
  it.each<[string, unknown, number[]]>([
    [
      'whole parties',
      { event: 'party/updated', payload: [{ id: 1, name: 'A' }, { id: 2 }, { id: 1 }] },
      [1, 2],
    ],
    ['bare ids', { payload: [7, '8'] }, [7, 8]],
    ['what we have created', { event: 'party/created', payload: [made(1), { id: 2, websites: [] }] }, [2]],
    ['what we have created, edited', { event: 'party/updated', payload: [marked(1)] }, [1]],
    ['odd websites', { event: 'party/created', payload: [{ id: 3, websites: 'x' }] }, [3]],
    ['one party alone', { payload: { id: 9 } }, [9]],
    ['junk among parties', { payload: [null, true, -1, 1.5, 'x', [4], {}, { id: null }, { id: 3 }] }, [3]],
    ['no payload', { event: 'party/updated' }, []],
    ['nothing', undefined, []],
    ['a list', [1, 2], []],
  ])('%s', (_what, body, ids) => {
    expect(readDelivery(body, PUBLIC_URL)).toEqual({ changed: ids, presumed: [] });
  });

  const updated = (...payload: object[]) => readDelivery({ event: 'party/updated', payload }, PUBLIC_URL);

  it('R12 what our own create has made of a party is presumed an echo', () => {
    const { changed, presumed } = updated(made(1), made(2, { websites: [] }));
    expect([changed, presumed.map(({ partyId }) => partyId)]).toEqual([[2], [1]]);
  });

  it('R12 an edit that comes later is none', () => {
    expect(updated(made(1, { updatedAt: '2026-03-01T10:00:04Z' })).changed).toEqual([1]);
  });

  it('the digest tells content apart, and not times', () => {
    const digestOf = (more: object) => updated(made(1, more)).presumed[0]?.digest;
    expect(digestOf({ updatedAt: '2026-03-01T10:00:00Z' })).toBe(digestOf({}));
    expect(digestOf({ name: 'Acme Limited' })).not.toBe(digestOf({}));
    expect(digestOf({ owner: { id: 3 } })).not.toBe(digestOf({}));
  });

  it('a party of which both is told is a change', () => {
    expect(updated(made(1), { id: 1 })).toEqual({ changed: [1], presumed: [] });
  });
});
