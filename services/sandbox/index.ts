import { type CapsuleSandbox, createCapsuleSandbox } from './capsule';
import { makeDemoCompany } from './demo';
import { vendorEnvironment } from './environment';
import { createVendorKernel, type VendorKernel } from './kernel';
import { resolveOptions } from './options';
import { createSageSandbox, type SageSandbox } from './sage';
import { beginAfresh, keepStates, loadStates, type VendorStates } from './state-file';
import { type ResolvedOptions, type SandboxOptions } from './types';

export { type CapsuleSandbox, type SageSandbox, type SandboxOptions };

export interface Sandbox {
  /** `http://localhost:PORT`, as `capsuleUrl`. */
  sageUrl: string;
  capsuleUrl: string;
  /** The variables that point a gateway and a worker at these two stand-ins. */
  environment: Record<string, string>;
  sage: SageSandbox;
  capsule: CapsuleSandbox;
  /** Ends both servers, their connections and pending hook deliveries. */
  close(): Promise<void>;
}

/**
 * Starts stand-ins of both vendors with one made-up company, in memory and in this process.
 * @throws the system's error when a port is taken; nothing stays running then
 */
export async function startSandbox(given: SandboxOptions = {}): Promise<Sandbox> {
  const options = resolveOptions(given);
  const saved = loadStates(options);
  const { sage, capsule } = await startVendors(options, saved).catch((error: unknown) => {
    // A state that was changed by hand, or whose shape has changed without a word.
    if (!saved || !(error instanceof TypeError)) throw error;
    beginAfresh(options, 'does not fit together');
    return startVendors(options, null);
  });
  const keep = keepStates(options, { sage, capsule });
  return {
    sageUrl: sage.url,
    capsuleUrl: capsule.url,
    environment: vendorEnvironment(sage.url, capsule.url),
    sage,
    capsule,
    close: async () => {
      await Promise.all([sage.close(), capsule.close()]);
      await keep();
    },
  };
}

async function startVendors(options: ResolvedOptions, saved: VendorStates | null) {
  const { latencyMs } = options;
  const sageKernel = createVendorKernel(
    { latencyMs, limit: options.sageRequestsPerMinute, windowSeconds: 60 },
    ['/oauth2/', '/token', '/revoke', '/v3.1/'],
  );
  const capsuleKernel = createVendorKernel(
    { latencyMs, limit: options.capsuleLimit, windowSeconds: options.capsuleWindowSeconds },
    ['/oauth/', '/.well-known/', '/api/'],
  );
  setDials(options, { sage: sageKernel, capsule: capsuleKernel });
  const company = makeDemoCompany({ ...options, now: capsuleKernel.clock.now() });
  const sage = await createSageSandbox(options, sageKernel, company, saved?.sage);
  const capsule = await createCapsuleSandbox(options, capsuleKernel, company.parties, saved?.capsule).catch(
    async (error: unknown) => {
      await sage.close();
      throw error;
    },
  );
  return { sage, capsule };
}

function setDials(
  { sageClockSkewSeconds, capsuleClockSkewSeconds, faults }: ResolvedOptions,
  { sage, capsule }: Record<'sage' | 'capsule', VendorKernel>,
): void {
  sage.clock.advance(sageClockSkewSeconds * 1000);
  capsule.clock.advance(capsuleClockSkewSeconds * 1000);
  sage.faults.set(faults.sage ?? [], `sage/${faults.seed}`);
  capsule.faults.set(faults.capsule ?? [], `capsule/${faults.seed}`);
}
