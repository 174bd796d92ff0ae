import { createServer } from 'node:http';
import { DefaultLogger, type LogLevel, NativeConnection, Runtime } from '@temporalio/worker';
import { Client } from '@temporalio/client';
import { createActivities } from '../../activities';
import { type Config, ConfigError, readConfig } from '../../shared/config';
import { createLogger, type Logger } from '../../shared/log';
import { temporalConnectionOptions } from '../../shared/temporal/client';
import { dataConverterOf } from '../../shared/temporal/payload-codec';
import { createSchedules } from '../../shared/temporal/schedules';
import { openCore } from '../core';
import { activitySettings, createWorker } from './worker';

/** The worker process: runs workflows and activities until SIGTERM, then drains. */
async function main(): Promise<void> {
  const config = readConfig();
  const log = createLogger('worker', config.logLevel);
  installRuntime(config, log);
  const core = await openCore(config, log);
  const connection = await NativeConnection.connect(temporalConnectionOptions(config.temporal));
  const dataConverter = dataConverterOf(config);
  const schedules = createSchedules(
    new Client({ connection, namespace: config.temporal.namespace, dataConverter }),
  );
  const activities = createActivities({ ...core, log, schedules, ...activitySettings(config) });
  // Workflows bundled before, so that a worker starts at once; without it they are bundled here.
  const bundled = process.env.WORKFLOW_BUNDLE;
  const worker = await createWorker({
    temporal: config.temporal,
    activities,
    connection,
    log,
    dataConverter,
    workflowBundle: bundled ? { codePath: bundled } : undefined,
  });

  const health = serveHealth(() => worker.getState() === 'RUNNING');
  const running = worker.run();
  log.info('polling for work');
  await running;
  health?.close();
  await connection.close();
  await core.close();
  log.info('stopped');
}

/** Temporal's own messages go to our log, its figures to the collector when one is named. */
function installRuntime(config: Config, log: Logger): void {
  const levels: Record<LogLevel, 'debug' | 'info' | 'warn' | 'error'> = {
    TRACE: 'debug',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  };
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => log[levels[level]](meta ?? {}, message)),
    telemetryOptions: config.otlpEndpoint ? { metrics: { otel: { url: config.otlpEndpoint } } } : {},
    shutdownSignals: ['SIGTERM', 'SIGINT'],
  });
}

/** `GET /readyz` on WORKER_HEALTH_PORT, for supervisors and container health checks; nothing without the variable. */
function serveHealth(isReady: () => boolean) {
  const port = Number(process.env.WORKER_HEALTH_PORT ?? 0);
  if (!port) return null;
  const host = process.env.WORKER_HEALTH_HOST ?? '127.0.0.1';
  return createServer((request, response) => {
    const known = request.url === '/readyz' || request.url === '/healthz';
    response.statusCode = known ? (isReady() ? 200 : 503) : 404;
    response.end();
  }).listen(port, host);
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
