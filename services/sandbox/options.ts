import { z } from 'zod';

import { readFault } from './kernel/fault-router';
import { type ResolvedOptions, type SandboxOptions } from './types';

const whole = (least: number, most = 1_000_000) => z.coerce.number().int().min(least).max(most);

const Environment = z.object({
  SANDBOX_SEED: z.string().min(1).optional(),
  SANDBOX_CONTACTS: whole(0).optional(),
  SANDBOX_PARTIES: whole(0).optional(),
  SANDBOX_INVOICES_PER_CONTACT: whole(0, 10_000).optional(),
  SANDBOX_LATENCY_MS: whole(0, 60_000).optional(),
  SANDBOX_SAGE_REQUESTS_PER_MINUTE: whole(0).optional(),
  SANDBOX_CAPSULE_LIMIT: whole(0).optional(),
  SANDBOX_CAPSULE_WINDOW_SECONDS: whole(1).optional(),
  SANDBOX_SAGE_PORT: whole(0, 65_535).default(4010),
  SANDBOX_CAPSULE_PORT: whole(0, 65_535).default(4020),
  SANDBOX_OVERLAP: z.enum(['demo', 'none', 'all']).optional(),
  SANDBOX_SAGE_LIST_ORDER: z.enum(['id', 'created']).optional(),
  SANDBOX_SAGE_CLOCK_SKEW: whole(-3600, 3600).optional(),
  SANDBOX_CAPSULE_CLOCK_SKEW: whole(-3600, 3600).optional(),
  SANDBOX_FAULTS: z
    .string()
    .transform((text, context) => {
      try {
        return faultsOf(JSON.parse(text));
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    })
    .optional(),
  SANDBOX_STATE_FILE: z.string().min(1).optional(),
  SANDBOX_HOST: z.string().min(1).optional(),
});

/**
 * Reads the SANDBOX_* variables; empty ones count as absent.
 * @throws Error that names every variable in error
 */
export function optionsFromEnvironment(environment: NodeJS.ProcessEnv): SandboxOptions {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`The sandbox cannot start with these settings:\n  ${faults.join('\n  ')}`);
  }
  const { data } = parsed;
  return {
    seed: data.SANDBOX_SEED,
    contacts: data.SANDBOX_CONTACTS,
    parties: data.SANDBOX_PARTIES,
    invoices: data.SANDBOX_INVOICES_PER_CONTACT,
    latencyMs: data.SANDBOX_LATENCY_MS,
    sageRequestsPerMinute: data.SANDBOX_SAGE_REQUESTS_PER_MINUTE,
    capsuleLimit: data.SANDBOX_CAPSULE_LIMIT,
    capsuleWindowSeconds: data.SANDBOX_CAPSULE_WINDOW_SECONDS,
    sagePort: data.SANDBOX_SAGE_PORT,
    capsulePort: data.SANDBOX_CAPSULE_PORT,
    overlap: data.SANDBOX_OVERLAP,
    sageListOrder: data.SANDBOX_SAGE_LIST_ORDER,
    sageClockSkewSeconds: data.SANDBOX_SAGE_CLOCK_SKEW,
    capsuleClockSkewSeconds: data.SANDBOX_CAPSULE_CLOCK_SKEW,
    faults: data.SANDBOX_FAULTS,
    stateFile: data.SANDBOX_STATE_FILE,
    host: data.SANDBOX_HOST,
  };
}

export function resolveOptions(options: SandboxOptions = {}): ResolvedOptions {
  const contacts = options.contacts ?? 500;
  return {
    seed: options.seed ?? 'demo',
    contacts,
    parties: options.parties ?? Math.round(contacts * 0.6),
    latencyMs: options.latencyMs ?? 0,
    sageRequestsPerMinute: options.sageRequestsPerMinute ?? 0,
    capsuleLimit: options.capsuleLimit ?? 4000,
    capsuleWindowSeconds: options.capsuleWindowSeconds ?? 3600,
    sagePort: options.sagePort ?? 0,
    capsulePort: options.capsulePort ?? 0,
    overlap: options.overlap ?? 'demo',
    sageListOrder: options.sageListOrder ?? 'created',
    invoices: options.invoices ?? true,
    sageClockSkewSeconds: options.sageClockSkewSeconds ?? 0,
    capsuleClockSkewSeconds: options.capsuleClockSkewSeconds ?? 0,
    faults: options.faults ?? {},
    stateFile: options.stateFile,
    host: options.host ?? '127.0.0.1',
    hookRetryScale: options.hookRetryScale ?? 1,
  };
}

/** `{"sage": […], "capsule": […], "seed": "…"}`, faults as at `/sandbox/faults`. @throws Error */
function faultsOf(input: unknown): SandboxOptions['faults'] {
  const {
    sage = [],
    capsule = [],
    seed,
  } = (input ?? {}) as Record<'sage' | 'capsule', unknown[]> & {
    seed?: string;
  };
  return { sage: sage.map(readFault), capsule: capsule.map(readFault), seed };
}
