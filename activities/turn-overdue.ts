import { londonDay } from '../shared/domain/london-day';
import { type ActivityDeps } from './deps';
import { withHeartbeat } from './heartbeat';
import { reckonStale } from './reckon-figures';

const BATCH = 500;
/** More batches than any business has contacts for. */
const MOST_BATCHES = 10_000;

export function createTurnOverdue({ store }: Pick<ActivityDeps, 'store'>) {
  return {
    /**
     * Reckons the figures of contacts of which something has fallen overdue by now, without a call to Sage. To be run
     * after midnight in London; what an earlier night missed comes along.
     * @param today the day in London; left out, the present one
     * @returns how many contacts that concerned
     */
    async turnOverdue({ tenantId, today }: { tenantId: string; today?: string }): Promise<number> {
      const day = today ?? londonDay(new Date());
      return withHeartbeat<null, number>(async ({ reached }) => {
        let turned = 0;
        for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
          const due = await store.figures.dueBefore(tenantId, day, BATCH);
          if (due.length === 0) break;
          await store.figures.markStale(tenantId, due);
          await reckonStale(store, tenantId, day, () => reached(null));
          turned += due.length;
        }
        return turned;
      });
    },
  };
}
