import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  executeChild,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { type ImportView } from '../activities/tenant';
import { describeImport } from '../shared/domain/import-words';
import { type SyncPhase } from '../shared/domain/types';
import { importWorkflowId, SEARCH_ATTRIBUTES } from '../shared/ids';
import { answerCommands } from './commands';
import { initialImportWorkflow } from './initial-import';
import { grantsRenewedSignal, statusQuery } from './messages';
import { stored } from './options';

export interface TenantSyncInput {
  tenantId: string;
}

const TENANT_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenantId, 'KEYWORD');
const SYNC_PHASE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.syncPhase, 'KEYWORD');

/** The details follow a running import: soon at first, then seldom, which keeps the history short. */
const FIRST_LOOK_MS = 2_000;
const LAST_LOOK_MS = 60_000;

/** Failures that only a person can end: the phase in which work waits for it, and what the page says (R25). */
const WAITS_FOR_PERSON = {
  AuthorisationRevoked: {
    phase: 'reconnect',
    message: 'The connection has ended: an administrator has to connect again. Nothing is lost meanwhile.',
    // Looked at again by itself, in case that nobody told us of the renewal.
    recheck: '6 hours',
  },
  SubscriptionLapsed: {
    phase: 'lapsed',
    message: 'The Sage subscription is not active. The import goes on within a day of its renewal.',
    recheck: '24 hours',
  },
} as const;

/** Lives as long as a tenant's connection. Imports once; what a person has to mend in between is waited for. */
export async function tenantSyncWorkflow(input: TenantSyncInput): Promise<void> {
  const { tenantId } = input;
  let phase: SyncPhase = 'importing';
  let details = 'Starting.';
  let progress: ImportView | null = null;
  let renewals = 0;

  setHandler(statusQuery, () => ({ phase, details, import: progress }));
  setHandler(grantsRenewedSignal, () => {
    renewals += 1;
  });
  const commands = answerCommands(tenantId, () => phase);

  const tenant = await stored.readTenant(tenantId);
  if (!tenant.connected) return say('This tenant is not connected: nothing to do.');
  while (!(await imported())) await importOnce();
  say(`Connected to ${tenant.business}. ${progress ? describeImport(progress) : ''}`);
  await enter('active');

  await condition(() => workflowInfo().continueAsNewSuggested);
  await condition(() => allHandlersFinished() && commands.idle());
  await continueAsNew<typeof tenantSyncWorkflow>(input);

  async function imported(): Promise<boolean> {
    progress = await stored.readImport(tenantId);
    return progress?.step === 'done';
  }

  /** Returns when the import is done, or when what stopped it may have been mended. */
  async function importOnce(): Promise<void> {
    await enter('importing');
    let running = true;
    const following = follow(() => running);
    // A cancelled workflow rejects it before the `finally` below can wait for it.
    following.catch(() => undefined);
    try {
      await executeChild(initialImportWorkflow, {
        workflowId: importWorkflowId(tenantId, tenant.connection),
        args: [{ tenantId, importNumber: tenant.connection }],
        typedSearchAttributes: [
          { key: TENANT_ID, value: tenantId },
          { key: SYNC_PHASE, value: 'importing' },
        ],
      });
    } catch (error) {
      await waitForPerson(error);
    } finally {
      running = false;
      await following;
    }
  }

  /** Keeps the words in the Temporal UI, and the answer to the query, close to a running import. */
  async function follow(running: () => boolean): Promise<void> {
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LAST_LOOK_MS)) {
      if (await condition(() => !running(), wait)) return;
      progress = await stored.readImport(tenantId);
      if (progress && running()) say(describeImport(progress));
    }
  }

  /** @throws what no person can mend: the workflow fails visibly rather than to hide it */
  async function waitForPerson(error: unknown): Promise<void> {
    const type = failureType(error);
    if (type !== 'AuthorisationRevoked' && type !== 'SubscriptionLapsed') throw error;
    const wait = WAITS_FOR_PERSON[type];
    const seen = renewals;
    // The reason stands before the phase that makes people look for it.
    await stored.reportProblem(tenantId, wait.phase, wait.message);
    say(wait.message);
    await enter(wait.phase);
    await condition(() => renewals > seen, wait.recheck);
    await stored.clearProblem(tenantId, wait.phase);
  }

  async function enter(next: SyncPhase): Promise<void> {
    phase = next;
    upsertSearchAttributes([{ key: SYNC_PHASE, value: next }]);
    await stored.setPhase(tenantId, next);
  }

  function say(words: string): void {
    details = words;
    setCurrentDetails(words);
  }
}

/** Class of the failure at the bottom of a chain of activity and child workflow failures. */
function failureType(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && cause.type) return cause.type;
  }
  return null;
}
