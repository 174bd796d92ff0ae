import { condition } from '@temporalio/workflow';
import { brief } from './options';
import { type Standing } from './standing';
import { type Waiting } from './waiting';

const DAY_MS = 24 * 3600_000;

/**
 * What a connection needs day by day: hooks that Capsule may have dropped, and grants that die when nobody uses
 * them (R25). Runs at once when it is due, and for ever.
 * @param dueAt milliseconds since the epoch; 0: now
 */
export function createUpkeep(tenantId: string, standing: Standing, waiting: Waiting, dueAt: number) {
  let next = dueAt;
  let hurried = false;

  async function once(): Promise<void> {
    await waiting.through(() =>
      standing.step('upkeep', async () => {
        await brief.ensureHooks(tenantId);
        await brief.keepGrantsAlive(tenantId);
      }),
    );
    next = Date.now() + DAY_MS;
  }

  return {
    dueAt: (): number => next,
    /** Not only at the end of the day: another administrator's grant may have to subscribe the hooks. */
    hurry(): void {
      hurried = true;
    },
    /** Hooks first of all: edits that are made while the import runs shall arrive. */
    async first(): Promise<void> {
      if (next <= Date.now()) await once();
    },
    async daily(): Promise<never> {
      for (;;) {
        await condition(() => hurried, Math.max(next - Date.now(), 1_000));
        hurried = false;
        await once();
      }
    },
  };
}
