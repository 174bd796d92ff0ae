import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  setHandler,
  startChild,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { importWorkflowId, SEARCH_ATTRIBUTES } from '../shared/ids';
import { initialImportWorkflow } from './initial-import';
import { importEndedSignal } from './messages';
import { SYNC_PHASE } from './standing';

const TENANT_ID = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenantId, 'KEYWORD');

/** How often it is tried whether an import that says nothing still runs. */
const LOOK = '1 minute';
/** How long a cancelled import is waited for. */
const ENDING = '20s';

/**
 * Runs the import of a connection to its end. The import outlives a history that begins anew: the run after it
 * joins the import and is told of its end.
 */
export function createImporter(tenantId: string, connection: () => number) {
  let ended: { failure: string | null } | null = null;
  /** False while one may run: also at the start, as a run before this one may have begun it. */
  let over = false;
  setHandler(importEndedSignal, (failure) => {
    ended = { failure };
  });

  async function begin(): Promise<boolean> {
    try {
      const child = await startChild(initialImportWorkflow, {
        workflowId: importWorkflowId(tenantId, connection()),
        args: [{ tenantId, importNumber: connection() }],
        parentClosePolicy: 'ABANDON',
        typedSearchAttributes: [
          { key: TENANT_ID, value: tenantId },
          { key: SYNC_PHASE, value: 'importing' },
        ],
      });
      over = false;
      try {
        await child.result();
      } finally {
        // It has told its end before.
        ended = null;
        over = true;
      }
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  /** @returns false when nothing was heard of it for a while */
  async function join(): Promise<boolean> {
    try {
      if (!(await condition(() => ended !== null, LOOK))) return false;
    } catch (cancelled) {
      await CancellationScope.nonCancellable(cancel);
      throw cancelled;
    }
    const failure = ended?.failure ?? null;
    ended = null;
    over = true;
    if (failure !== null) throw ApplicationFailure.create({ type: failure, message: 'the import failed' });
    return true;
  }

  /** Returns when it has ended, or does not run at all. */
  async function cancel(): Promise<void> {
    if (over) return;
    try {
      await getExternalWorkflowHandle(importWorkflowId(tenantId, connection())).cancel();
    } catch {
      return;
    }
    await condition(() => ended !== null || over, ENDING);
    ended = null;
    over = true;
  }

  return {
    cancel,
    async run(): Promise<void> {
      // Its end may be told before it was asked for: right after a history began anew.
      while (ended !== null || !(await begin())) if (await join()) return;
    },
  };
}
