import pino, { type Logger } from 'pino';

export type { Logger };

/** Keys whose values never reach a log line, at any of the first levels. */
const SECRET_KEYS = [
  'access_token',
  'refresh_token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'code',
];

/**
 * The one logger of a process: JSON lines on stdout.
 * @param name of the process: gateway, worker, setup
 */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
  });
}
