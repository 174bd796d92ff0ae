import { setTimeout as sleep } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import { NO_COUNTS } from '../../shared/domain/import-counts';
import { type ImportStatus, type Status } from './demo-admin';

const POLL_MS = 400;
const PLAIN_EVERY_MS = 2_000;
/** An import whose figures stand still for so long is given up. */
const STALL_MS = 5 * 60_000;

interface Display {
  show(counts: ImportStatus): void;
  end(): void;
}

/**
 * Shows the import until it is over.
 * @param read asks for the status
 * @returns the last status; its phase is the one that ended the import
 * @throws Error when nothing moves for five minutes
 */
export async function showImport(read: () => Promise<Status>, out = process.stdout): Promise<Status> {
  const display = out.isTTY ? bar(out) : lines(out);
  let last = '';
  let moved = performance.now();
  try {
    while (performance.now() - moved < STALL_MS) {
      const status = await read();
      const counts = status.import ?? NO_COUNTS;
      display.show(counts);
      if (status.phase !== 'importing') return status;
      const figures = JSON.stringify({ ...counts, etaSeconds: null });
      if (figures !== last) moved = performance.now();
      last = figures;
      await sleep(POLL_MS);
    }
  } finally {
    display.end();
  }
  throw new Error(`The import has stood still for ${STALL_MS / 60_000} minutes: see the worker's log.`);
}

function bar(out: NodeJS.WriteStream): Display {
  const single = new SingleBar(
    {
      format: '  {bar} {value}/{total} · {counts} · {left}',
      barsize: 24,
      stream: out,
      linewrap: null,
    },
    Presets.shades_classic,
  );
  single.start(1, 0, { counts: 'reading', left: '' });
  return {
    show(counts) {
      single.setTotal(Math.max(1, counts.total));
      single.update(counts.done, { counts: inWords(counts), left: timeLeft(counts) });
    },
    end: () => single.stop(),
  };
}

function lines(out: NodeJS.WriteStream): Display {
  let next = 0;
  let shown = '';
  let latest = '';
  const print = () => {
    if (latest !== shown) out.write(`  ${latest}\n`);
    shown = latest;
    next = performance.now() + PLAIN_EVERY_MS;
  };
  return {
    show(counts) {
      latest = `${counts.done}/${counts.total} · ${inWords(counts)} · ${timeLeft(counts)}`;
      if (performance.now() >= next) print();
    },
    end: print,
  };
}

const inWords = ({ linked, created, review, excluded, failed }: ImportStatus) =>
  `linked ${linked}, created ${created}, review ${review}, left out ${excluded}, failed ${failed}`;

function timeLeft({ done, total, etaSeconds }: ImportStatus): string {
  if (total > 0 && done >= total) return 'done';
  if (etaSeconds == null) return 'reading';
  if (etaSeconds < 90) return `about ${Math.max(1, Math.round(etaSeconds))} s left`;
  return `about ${Math.round(etaSeconds / 60)} min left`;
}

/** The result as an aligned table. */
export function resultTable(counts: ImportStatus, seconds: number | null): string {
  const rows: [string, string][] = [
    ['linked', `${counts.linked}`],
    ['created', `${counts.created}`],
    ['in review', `${counts.review}`],
    ['left out', `${counts.excluded}`],
    ['failed', `${counts.failed}`],
    ['Sage contacts', `${counts.total}`],
    ...(seconds === null ? [] : [['seconds', seconds.toFixed(1)] as [string, string]]),
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(14)}${value.padStart(8)}`).join('\n');
}
