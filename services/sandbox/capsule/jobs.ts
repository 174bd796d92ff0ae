import { randomUUID } from 'node:crypto';

interface Job {
  id: string;
  status: 'running' | 'completed';
  progress: number;
  action: string;
}

const DURATION_MS = 500;
const MAX_JOBS = 100;

/** Long deletions that are answered 202 and done a little later (§3 Delete, Errors 202). */
export class Jobs {
  private readonly jobs = new Map<string, Job>();
  private readonly timers = new Set<NodeJS.Timeout>();

  /** @returns the job's id */
  start(action: string, run: () => void): string {
    const job: Job = { id: randomUUID(), status: 'running', progress: 0, action };
    if (this.jobs.size >= MAX_JOBS) this.jobs.clear();
    this.jobs.set(job.id, job);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      Object.assign(job, { status: 'completed', progress: 100 });
      run();
    }, DURATION_MS);
    this.timers.add(timer);
    return job.id;
  }

  get(id: string): Readonly<Job> | undefined {
    return this.jobs.get(id);
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
