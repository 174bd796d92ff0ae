import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { type SyncPhase } from '../shared/domain/types';
import { breakerUpdate, passStoppedSignal, pauseUpdate, syncNowUpdate } from './messages';
import { stored } from './options';
import { type Standing } from './standing';
import { type Waiting } from './waiting';

/** How long a pause waits for the edits that were on their way. */
const PAUSING = '5s';

export interface ControlOptions {
  /** The tenant's state has been read. */
  ready: () => boolean;
  passWanted: boolean;
  /** Ends an import that is under way; it goes on after the pause. */
  onPause: () => void;
  /** Takes up the edits that were waiting. */
  onResume: () => void;
  /** No edit is on its way. */
  pushed: () => boolean;
}

/** What steers the passes and the pause: by people, and by the passes themselves. */
export function answerControls(
  tenantId: string,
  standing: Standing,
  waiting: Waiting,
  { ready, passWanted, onPause, onResume, pushed }: ControlOptions,
) {
  const { conditions } = standing;
  let wanted = passWanted;

  setHandler(passStoppedSignal, (type) => {
    if (type !== 'Breaker') return waiting.join(type);
    conditions.breaker = true;
    void standing.settle();
  });

  setHandler(pauseUpdate, async ({ paused }) => {
    await condition(ready);
    const resumes = conditions.paused && !paused;
    await stored.setPaused(tenantId, paused);
    conditions.paused = paused;
    if (paused) onPause();
    else onResume();
    await standing.settle();
    if (paused) await condition(pushed, PAUSING);
    if (resumes) await catchUp();
  });

  setHandler(
    breakerUpdate,
    async ({ decision }) => {
      await condition(ready);
      if (!conditions.breaker) return;
      await stored.decideBreaker({ tenantId, decision });
      conditions.breaker = false;
      if (decision === 'stop') {
        // Whoever refuses has something to put right first; the pass after the pause asks again.
        await stored.setPaused(tenantId, true);
        conditions.paused = true;
      }
      await standing.settle();
      if (decision === 'go-on') await catchUp();
    },
    {
      validator(_decision: { decision: 'go-on' | 'stop' }) {
        if (ready() && !conditions.breaker) throw refused('NoBreaker');
      },
    },
  );

  setHandler(
    syncNowUpdate,
    async ({ full }) => {
      await condition(ready);
      if (conditions.imported) return request(full);
      wanted = true;
      return standing.step('request', () => stored.notePass(tenantId, full));
    },
    {
      validator(_wish: { full: boolean }) {
        const refusal = REFUSED[standing.phase()];
        if (refusal) throw refused(refusal);
      },
    },
  );

  async function request(full: boolean): Promise<{ runId: string }> {
    return standing.step('request', () => stored.requestPass(tenantId, full));
  }

  /** What was waited for is over: what changed meanwhile is looked for at once. */
  async function catchUp(): Promise<void> {
    if (standing.phase() === 'active') await request(false);
  }

  return {
    catchUp,
    passWanted: (): boolean => wanted,

    /**
     * A pass at once where it is needed: what changed between two connections, on either side, only a full one
     * finds (R24).
     */
    async afterImport(connection: number): Promise<void> {
      if (connection > 1) await request(true);
      else if (wanted) await request(false);
      wanted = false;
    },
  };
}

const refused = (type: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message: type, nonRetryable: true });

/** A pass that was asked for now could not begin; the person is told why. */
const REFUSED: Partial<Record<SyncPhase, string>> = {
  paused: 'Paused',
  breaker: 'Breaker',
  reconnect: 'AuthorisationRevoked',
  lapsed: 'SubscriptionLapsed',
};
