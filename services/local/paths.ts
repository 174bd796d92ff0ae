import { resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(__dirname, '../..');

/** Everything that the local stack makes; safe to delete while nothing runs. */
export const LOCAL = resolve(ROOT, '.local');
