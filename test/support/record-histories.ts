import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { type Client } from '@temporalio/client';

export const HISTORIES = join(__dirname, '../replay/histories');

/**
 * Keeps the history of a workflow for the replay tests, when RECORD_HISTORIES is set. Record anew only when a
 * change is meant to leave running workflows behind; otherwise use `patched()`.
 */
export async function recordHistory(client: Client, workflowId: string, name: string): Promise<void> {
  if (!process.env.RECORD_HISTORIES) return;
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  mkdirSync(HISTORIES, { recursive: true });
  // Who ran it, and where, is nobody's business and changes nothing of a replay.
  const text = historyToJSON(history)
    .replace(/"identity":\s*"[^"]*"/g, '"identity": "worker"')
    .replace(/"stackTrace":\s*"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""');
  writeFileSync(join(HISTORIES, `${name}.json`), `${text}\n`);
}
