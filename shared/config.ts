import ms from 'ms';
import { z } from 'zod';

/**
 * The environment, read once at start. Names and defaults are contracts (docs/operations.md lists them);
 * every mistake is told at once, by the variable's name and never with a secret's value.
 */

export interface Config {
  port: number;
  /** Public base of the gateway without a trailing slash: callbacks, hooks, markers, Origin check. */
  publicUrl: string;
  temporal: { address: string; namespace: string; uiUrl: string };
  mongo: { uri: string; database: string };
  sage: {
    clientId: string;
    clientSecret: string;
    authorizeUrl: string;
    tokenUrl: string;
    revokeUrl: string;
    apiUrl: string;
    /** Our own limit per company; 0 = none. */
    requestsPerMinute: number;
  };
  capsule: {
    clientId: string;
    clientSecret: string;
    authorizeUrl: string;
    tokenUrl: string;
    revokeUrl: string;
    userinfoUrl: string;
    apiUrl: string;
    /** Our own limit per Capsule user; 0 = none. */
    requestsPerHour: number;
  };
  /** Keyring; the first key encrypts, all decrypt. */
  encryptionKeys: { id: string; key: Buffer }[];
  sessionSecret: string;
  /** Milliseconds, like every duration here. */
  syncIntervalMs: number;
  sweepIntervalMs: number;
  deepSweepIntervalMs: number;
  syncOverlapMs: number;
  outcomeSettleMs: number;
  /** Whether inputs and results are sealed before they go to Temporal. */
  payloadEncryption: boolean;
  logLevel: string;
  otlpEndpoint: string | null;
}

/** Thrown by {@link readConfig}; the message lists every variable at fault, a line each. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const duration = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      // A bare number would be milliseconds to ms(), and is meant as anything but that.
      const value = /[a-z]\s*$/i.test(text) ? ms(text as ms.StringValue) : NaN;
      if (Number.isFinite(value) && value > 0) return value;
      context.addIssue({ code: 'custom', message: `must be a duration such as ${fallback}, not "${text}"` });
      return z.NEVER;
    });

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const secureEnough = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));

const vendorUrl = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .refine((text) => URL.canParse(text), 'must be a URL')
    .refine(
      (text) => !URL.canParse(text) || secureEnough(new URL(text)),
      'must be https; plain http is allowed for loopback hosts only',
    )
    .transform((text) => text.replace(/\/+$/, ''));

const count = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const required = z.string({ error: 'is missing' }).min(1, 'is missing');

const keyring = required.transform((text, context) => {
  const keys = text.split(',').map((entry) => {
    const [id = '', key = ''] = entry.split(':');
    return { id: id.trim(), key: Buffer.from(key, 'base64') };
  });
  const distinct = new Set(keys.map(({ id }) => id)).size === keys.length;
  if (distinct && keys.every(({ id, key }) => /^[\w-]+$/.test(id) && key.length === 32)) return keys;
  context.addIssue({
    code: 'custom',
    message: 'must be id:base64[,id2:base64…], each key 32 bytes under an id of its own',
  });
  return z.NEVER;
});

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .default('http://localhost:3000')
    .transform((text) => text.replace(/\/+$/, '')),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: z.string().default('http://localhost:8233'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
    .default('mongodb://127.0.0.1:27017'),
  MONGODB_DB: z.string().min(1).default('capsule_sage'),
  SAGE_CLIENT_ID: required,
  SAGE_CLIENT_SECRET: required,
  SAGE_AUTHORIZE_URL: vendorUrl('https://www.sageone.com/oauth2/auth/central'),
  SAGE_TOKEN_URL: vendorUrl('https://oauth.accounting.sage.com/token'),
  SAGE_REVOKE_URL: vendorUrl('https://oauth.accounting.sage.com/revoke'),
  SAGE_API_URL: vendorUrl('https://api.accounting.sage.com/v3.1'),
  CAPSULE_CLIENT_ID: required,
  CAPSULE_CLIENT_SECRET: required,
  CAPSULE_AUTHORIZE_URL: vendorUrl('https://api.capsulecrm.com/oauth/authorise'),
  CAPSULE_TOKEN_URL: vendorUrl('https://api.capsulecrm.com/oauth/token'),
  CAPSULE_REVOKE_URL: vendorUrl('https://api.capsulecrm.com/oauth/revoke'),
  CAPSULE_USERINFO_URL: vendorUrl('https://api.capsulecrm.com/oauth/userinfo'),
  CAPSULE_API_URL: vendorUrl('https://api.capsulecrm.com/api/v2'),
  ENCRYPTION_KEYS: keyring,
  SESSION_SECRET: required.min(32, 'must have at least 32 characters'),
  SYNC_INTERVAL: duration('5m'),
  SWEEP_INTERVAL: duration('1h'),
  DEEP_SWEEP_INTERVAL: duration('24h'),
  SYNC_OVERLAP: duration('10m'),
  OUTCOME_SETTLE: duration('120s'),
  SAGE_REQUESTS_PER_MINUTE: count(100),
  CAPSULE_REQUESTS_PER_HOUR: count(4000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  TEMPORAL_PAYLOAD_ENCRYPTION: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
});

/** Every variable that {@link readConfig} knows: `.env.example` and docker-compose.yml are tested against it. */
export const VARIABLES = Object.keys(environment.shape);

/**
 * Reads and checks the environment. An empty variable counts as not set.
 * @throws ConfigError naming every variable at fault
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(`The environment is not complete:\n${[...new Set(lines)].join('\n')}`);
  }
  return shape(parsed.data);
}

function shape(env: z.infer<typeof environment>): Config {
  return {
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      uiUrl: env.TEMPORAL_UI_URL,
    },
    mongo: { uri: env.MONGODB_URI, database: env.MONGODB_DB },
    sage: {
      clientId: env.SAGE_CLIENT_ID,
      clientSecret: env.SAGE_CLIENT_SECRET,
      authorizeUrl: env.SAGE_AUTHORIZE_URL,
      tokenUrl: env.SAGE_TOKEN_URL,
      revokeUrl: env.SAGE_REVOKE_URL,
      apiUrl: env.SAGE_API_URL,
      requestsPerMinute: env.SAGE_REQUESTS_PER_MINUTE,
    },
    capsule: {
      clientId: env.CAPSULE_CLIENT_ID,
      clientSecret: env.CAPSULE_CLIENT_SECRET,
      authorizeUrl: env.CAPSULE_AUTHORIZE_URL,
      tokenUrl: env.CAPSULE_TOKEN_URL,
      revokeUrl: env.CAPSULE_REVOKE_URL,
      userinfoUrl: env.CAPSULE_USERINFO_URL,
      apiUrl: env.CAPSULE_API_URL,
      requestsPerHour: env.CAPSULE_REQUESTS_PER_HOUR,
    },
    encryptionKeys: env.ENCRYPTION_KEYS,
    sessionSecret: env.SESSION_SECRET,
    syncIntervalMs: env.SYNC_INTERVAL,
    sweepIntervalMs: env.SWEEP_INTERVAL,
    deepSweepIntervalMs: env.DEEP_SWEEP_INTERVAL,
    syncOverlapMs: env.SYNC_OVERLAP,
    outcomeSettleMs: env.OUTCOME_SETTLE,
    payloadEncryption: env.TEMPORAL_PAYLOAD_ENCRYPTION === 'on',
    logLevel: env.LOG_LEVEL,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
  };
}
