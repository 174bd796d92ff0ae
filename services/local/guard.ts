import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/**
 * The guard: a shell that starts the command, and ends it as soon as the pipe from us closes. The kernel
 * closes that pipe however we end, SIGKILL included, so nothing outlives us. The shell is the leader of a
 * session of its own: Ctrl-C in the terminal reaches us alone, and we stop the parts in order.
 * First SIGTERM; after the grace period SIGKILL.
 */
const GUARD = `
grace=$1; shift
exec 3<&0
"$@" </dev/null 3<&- & child=$!
(
  cat <&3 >/dev/null
  kill -TERM $child 2>/dev/null
  while [ $grace -gt 0 ] && kill -0 $child 2>/dev/null; do sleep 1; grace=$((grace - 1)); done
  kill -KILL $child 2>/dev/null
) & watcher=$!
exec 3<&-
wait $child; code=$?
kill $watcher 2>/dev/null
exit $code`;

export interface GuardedOptions {
  /** Receives stdout and stderr; emptied at start. */
  logFile: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Seconds between SIGTERM and SIGKILL. */
  graceSeconds?: number;
}

export interface Guarded {
  /** Of the guard, which lives as long as the command. */
  pid: number | undefined;
  /** Resolves with the command's exit code (128 + n after signal n); never rejects. */
  exited: Promise<number>;
  running(): boolean;
  /** SIGTERM, after the grace period SIGKILL; resolves when the command is gone. May be called again. */
  stop(): Promise<void>;
}

/** Starts a command that cannot outlive this process. */
export function spawnGuarded(command: readonly string[], options: GuardedOptions): Guarded {
  const log = openSync(options.logFile, 'w');
  const shell = spawn('/bin/sh', ['-c', GUARD, 'guard', String(options.graceSeconds ?? 10), ...command], {
    stdio: ['pipe', log, log],
    detached: true,
    env: options.env ?? process.env,
    cwd: options.cwd,
  });
  closeSync(log);
  return watch(shell);
}

function watch(shell: ChildProcess): Guarded {
  let running = true;
  const exited = new Promise<number>((resolve) => {
    const ended = (code: number) => {
      running = false;
      shell.stdin?.destroy();
      resolve(code);
    };
    shell.once('exit', (code) => ended(code ?? 1));
    shell.once('error', () => ended(127));
  });
  // Writing is never done; the pipe may break while it closes, which is what we want of it.
  shell.stdin?.on('error', () => undefined);
  return {
    pid: shell.pid,
    exited,
    running: () => running,
    async stop() {
      shell.stdin?.end();
      await exited;
    },
  };
}
