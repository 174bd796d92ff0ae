import { setTimeout as delay } from 'node:timers/promises';

const SHORTEST_MS = 10;
const LONGEST_MS = 100;

/** Waits for a condition; the longer it takes, the less often it looks: a look costs others their time. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const began = Date.now();
  while (!(await condition())) {
    const waited = Date.now() - began;
    if (waited > deadlineMs) throw new Error(`waited ${deadlineMs} ms in vain`);
    await delay(Math.min(LONGEST_MS, SHORTEST_MS + waited / 20));
  }
}
