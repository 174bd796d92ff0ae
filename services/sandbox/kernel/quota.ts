export interface Spent {
  allowed: boolean;
  remaining: number;
  /** Milliseconds since the epoch at which the window ends. */
  resetsAt: number;
}

/** Counts requests per key in fixed windows. A key's window begins with its first request. */
export class FixedWindowQuota {
  private readonly windows = new Map<string, { used: number; resetsAt: number }>();

  /** Spends one request. A refused one costs nothing. */
  take(key: string, limit: number, windowSeconds: number, now: number): Spent {
    let window = this.windows.get(key);
    if (!window || now >= window.resetsAt) {
      window = { used: 0, resetsAt: now + windowSeconds * 1000 };
      this.windows.set(key, window);
    }
    const allowed = window.used < limit;
    if (allowed) window.used++;
    return { allowed, remaining: Math.max(0, limit - window.used), resetsAt: window.resetsAt };
  }

  /** What each key has used of its current window; for the pages. */
  usage(now: number): { key: string; used: number; resetsAt: number }[] {
    return [...this.windows]
      .filter(([, window]) => now < window.resetsAt)
      .map(([key, window]) => ({ key, ...window }));
  }

  reset(): void {
    this.windows.clear();
  }
}
