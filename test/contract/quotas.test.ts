import { type Quota } from '../../shared/store/quotas';
import { useStore } from '../support/database';

const capsule: Quota = {
  ...{ vendor: 'capsule', used: 3_600, limit: 4_000 },
  ...{ resetsAt: new Date(Date.UTC(2026, 0, 1, 10)), waitingUntil: new Date(Date.UTC(2026, 0, 1, 9)) },
};
const sage: Quota = { vendor: 'sage', used: 0, limit: 0, resetsAt: null, waitingUntil: null };

describe('R30 the ledger of limits', () => {
  const { store } = useStore();

  test('holds one entry for each vendor, the latest', async () => {
    await store().quotas.save('acme', { ...capsule, used: 1 });
    await store().quotas.save('acme', sage);
    await store().quotas.save('acme', capsule);
    const listed = await store().quotas.list('acme');
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(expect.arrayContaining([capsule, sage]));
  });

  test('takes what several workers save at once', async () => {
    const saves = Array.from({ length: 10 }, (_, used) => store().quotas.save('busy', { ...capsule, used }));
    await Promise.all(saves);
    expect(await store().quotas.list('busy')).toHaveLength(1);
  });

  test('is empty for a tenant that sent nothing, even when another id begins alike', async () => {
    await store().quotas.save('t2', capsule);
    await store().quotas.save('t/x', capsule);
    expect(await store().quotas.list('t')).toEqual([]);
  });
});
