import { createHash } from 'node:crypto';

/** A stream of pseudo-random choices; the same seed gives the same choices on every machine. */
export interface Random {
  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with probability `p` (0–1). */
  chance(p: number): boolean;
  /** `digits` lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** A shuffled copy. */
  shuffle<T>(list: readonly T[]): T[];
}

export function random(seed: string): Random {
  const next = mulberry32(createHash('sha256').update(seed).digest().readUInt32LE(0));
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    int,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('pick: the list is empty');
      return list[int(0, list.length - 1)]!;
    },
    chance: (p) => next() < p,
    hex: (digits) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join(''),
    shuffle: (list) => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
  };
}

/** The usual 32-bit generator of that name: small, even enough for made-up companies, no secret. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
