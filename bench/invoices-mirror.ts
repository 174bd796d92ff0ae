import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createMirrorBalances } from '../activities/mirror-balances';
import { createMirrorDocuments } from '../activities/mirror-documents';
import { openCore } from '../services/core';
import { readConfig } from '../shared/config';
import { FREQUENT_KINDS } from '../shared/domain/invoices';
import { createLogger } from '../shared/log';
import { DEFAULT_SETTINGS } from '../shared/store/tenants';
import { connectTenant } from '../test/support/company';

/**
 * Runs the activities of the mirror in this process, as a worker would, and tells how long each took. Input: the id
 * of the business as argument, the rest in the environment. Output: one JSON line {@link MirrorResult}.
 */

export interface MirrorResult {
  /** Milliseconds. */
  first: number;
  firstMb: number;
  balances: number;
  nothingNew: number;
  again: number;
  peakMb: number;
}

async function main(businessId: string): Promise<MirrorResult> {
  const config = readConfig(process.env);
  const core = await openCore(config, createLogger('bench', 'warn'));
  const { store, vendors } = core;
  await store.createIndexes();
  const tenantId = randomUUID();
  await connectTenant(core, tenantId, { id: businessId, name: 'Bench' }, DEFAULT_SETTINGS);
  const intervals = { syncMs: 0, sweepMs: 0, deepSweepMs: 0, overlapMs: 600_000 };
  const documents = createMirrorDocuments({ store, vendors, intervals });
  const balances = createMirrorBalances({ store, vendors });
  const timed = async (work: () => Promise<{ complete: boolean }>): Promise<number> => {
    const started = performance.now();
    const { complete } = await new MockActivityEnvironment().run<[], { complete: boolean }, typeof work>(
      work,
    );
    if (!complete) throw new Error('a list was not complete');
    return performance.now() - started;
  };
  const first = await timed(() => documents.mirrorDocuments({ tenantId, mode: 'all' }));
  const firstMb = peak();
  const result = {
    ...{ first, firstMb },
    balances: await timed(() => balances.mirrorBalances({ tenantId })),
    nothingNew: await timed(() =>
      documents.mirrorDocuments({ tenantId, mode: 'since', kinds: FREQUENT_KINDS }),
    ),
    again: await timed(() => documents.mirrorDocuments({ tenantId, mode: 'all' })),
  };
  await core.close();
  return { ...result, peakMb: peak() };
}

/** Greatest resident memory so far, in MB. */
const peak = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

void main(process.argv[2] ?? '').then((result) => {
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
