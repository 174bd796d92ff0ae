import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Ajv, { type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

/**
 * Checks a compose file without an engine: the Compose Specification's schema, and what a schema cannot
 * say. Each finding is a sentence that begins with the place it speaks of.
 */

const ROOT = join(__dirname, '../..');

export interface Service {
  image?: string;
  build?: unknown;
  command?: string[];
  user?: string;
  read_only?: boolean;
  restart?: string;
  profiles?: string[];
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  network_mode?: string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval?: string; timeout?: string; start_period?: string };
  stop_grace_period?: string;
  [key: string]: unknown;
}

export interface Compose {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
  [key: string]: unknown;
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A fresh copy each time, merge keys and anchors resolved, `${…}` left as written. */
export const readCompose = (): Compose => parse(readText('docker-compose.yml'), { merge: true }) as Compose;

/** Names and values of an env file; `commented` counts the lines that only show a default too. */
export function readEnvFile(path: string, { commented = false } = {}): Record<string, string> {
  const line = commented ? /^(?:# )?([A-Z][A-Z_]+)=(.*)$/gm : /^([A-Z][A-Z_]+)=(.*)$/gm;
  return Object.fromEntries(
    [...readText(path).matchAll(line)].map(([, name, value]) => [String(name), String(value)]),
  );
}

/** Names used as `${NAME…}`; `$$` is a dollar for the container and no variable. */
export function variablesOf(compose: Compose): string[] {
  const text = JSON.stringify(compose).replaceAll('$$', '');
  return [...new Set([...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => String(name)))];
}

/**
 * @param documented names that .env.example explains
 * @returns every finding; empty when the file is sound
 */
export function composeProblems(compose: Compose, documented: string[]): string[] {
  const undocumented = variablesOf(compose).filter((name) => !documented.includes(name));
  return [
    ...schemaProblems(compose),
    ...undocumented.map((name) => `\${${name}} is not in .env.example`),
    ...Object.entries(compose.services).flatMap(([name, service]) =>
      RULES.flatMap((rule) => rule(service, compose, name)).map((problem) => `${name}: ${problem}`),
    ),
  ];
}

let validator: ValidateFunction | undefined;

function schemaProblems(compose: Compose): string[] {
  validator ??= compileSchema();
  if (validator(compose)) return [];
  return (validator.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

function compileSchema(): ValidateFunction {
  const folder = dirname(require.resolve('dclint/package.json'));
  const schema = JSON.parse(readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8')) as object;
  // The file names its draft by an address that ajv does not know; draft 7 is ajv's own default.
  return new Ajv({ strict: false, allErrors: true }).compile({ ...schema, $schema: undefined });
}

type Rule = (service: Service, compose: Compose, name: string) => string[];

const isJob = (service: Service): boolean => service.restart?.startsWith('on-failure') ?? false;

const dependencies: Rule = (service, compose) =>
  Object.entries(service.depends_on ?? {}).flatMap(([name, { condition }]) => {
    const needed = compose.services[name];
    if (!needed) return [`depends on ${name}, which does not exist`];
    if (needed.profiles && !service.profiles) return [`depends on ${name}, which only a profile starts`];
    if (condition === 'service_healthy' && !needed.healthcheck)
      return [`waits for the health of ${name}, which has no health check`];
    if (condition === 'service_completed_successfully' && !isJob(needed))
      return [`waits for the end of ${name}, which is no job`];
    if (isJob(needed) && condition !== 'service_completed_successfully')
      return [`does not wait for the end of the job ${name}`];
    return [];
  });

const health: Rule = (service) => (service.healthcheck || isJob(service) ? [] : ['has no health check']);

/** The engine's durations: numbers with units, such as 1m30s. The schema takes any text. */
const durations: Rule = (service) => {
  const { interval, timeout, start_period } = service.healthcheck ?? {};
  return [interval, timeout, start_period, service.stop_grace_period]
    .filter((text) => text !== undefined && !/^(\d+(us|ms|s|m|h))+$/.test(text))
    .map((text) => `"${text}" is no duration`);
};

/** A tag with a version: the same file starts the same programs next month. */
const images: Rule = ({ image }) =>
  /^[\w./-]+:\d[\w.-]*$/.test(image ?? '') ? [] : [`image ${image} is not pinned to a version`];

const mounts: Rule = (service, compose) =>
  (service.volumes ?? []).flatMap((mount) => {
    const source = String(mount.split(':')[0]);
    if (source.startsWith('.')) return existsSync(join(ROOT, source)) ? [] : [`mounts ${source}, not there`];
    return source in compose.volumes ? [] : [`uses the volume ${source}, which is not declared`];
  });

const networks: Rule = (service, compose, name) => {
  const shared = /^service:(.+)$/.exec(service.network_mode ?? '')?.[1];
  if (shared !== undefined)
    return shared in compose.services && shared !== name ? [] : [`shares the network of ${shared}`];
  const missing = (service.networks ?? []).filter((network) => !(network in compose.networks));
  return missing.map((network) => `is in the network ${network}, which is not declared`);
};

/** Everything here speaks plain http or has no sign-in, so nothing is offered beyond this machine. */
const ports: Rule = (service) =>
  (service.ports ?? [])
    .filter((port) => !port.startsWith('127.0.0.1:'))
    .map((port) => `publishes ${port} beyond this machine`);

/** A secret comes from the environment, and its absence stops the start with a sentence. */
const secrets: Rule = (service) =>
  Object.entries(service.environment ?? {})
    .filter(([name]) => /PASSWORD|PWD|SECRET|KEYS|MONGODB_URI/.test(name))
    .filter(([, value]) => !/\$\{[A-Z_]+:\?Set [^}]+\}/.test(value))
    .map(([name]) => `${name} is not asked of the environment`);

/** What runs our own image has no rights to speak of, and starts a file that exists. */
const ours: Rule = (service) => {
  if (!service.build) return [];
  const file = service.command?.find((word) => word.endsWith('.ts'));
  return [
    ...(service.user && service.user !== 'root' ? [] : ['runs as root']),
    ...(service.read_only ? [] : ['can write to its root file system']),
    ...(file && existsSync(join(ROOT, file)) ? [] : [`starts ${file}, which does not exist`]),
  ];
};

const RULES = [dependencies, health, durations, images, mounts, networks, ports, secrets, ours];
