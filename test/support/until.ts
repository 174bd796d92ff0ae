import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition, looking often. @throws Error after the deadline */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms in vain`);
    await delay(10);
  }
}
