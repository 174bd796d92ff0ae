import { type Store } from '../shared/store';

const PUSH_RUN = 'push-';

/** The run that collects an hour's pushes, `push-<yyyymmddhh>` (UTC). */
export const pushRunOf = (now: Date): string => PUSH_RUN + now.toISOString().slice(0, 13).replace(/\D/g, '');

/**
 * Opens an hour's run before anything is told of it: what the history names is there. Does nothing to other runs, which
 * are opened and closed by those whose they are.
 */
export async function openPushRun(store: Store, tenantId: string, run: string, now: Date): Promise<void> {
  if (run.startsWith(PUSH_RUN)) await store.runs.goOn(tenantId, run, 'push', now);
}
