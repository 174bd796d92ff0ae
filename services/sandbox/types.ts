import { type VendorKernel } from './kernel';
import { type Fault } from './kernel/faults';

export interface SandboxOptions {
  /** The same seed makes the same demo company. Default `demo`. */
  seed?: string;
  /** Sage contacts without the system ones; 0 = empty books. Default 500. */
  contacts?: number;
  /** Capsule parties. Default 60 % of `contacts`. */
  parties?: number;
  /** Milliseconds added to each API answer. Default 0. */
  latencyMs?: number;
  /** 0 = unlimited, the default. */
  sageRequestsPerMinute?: number;
  /** Requests per window and Capsule user. 0 = unlimited, and then no X-RateLimit headers. Default 4,000. */
  capsuleLimit?: number;
  /** Default 3,600. */
  capsuleWindowSeconds?: number;
  /** 0 = any free port, the default. */
  sagePort?: number;
  capsulePort?: number;
  /**
   * `demo`: names partly alike, with homonyms and near names. `none`: no Sage name exists in Capsule.
   * `all`: each Sage contact has exactly one party of its name.
   */
  overlap?: 'demo' | 'none' | 'all';
  /** Order of Sage's unsorted lists: as created, the default, or by id, so that no two lists agree. */
  sageListOrder?: 'id' | 'created';
  /** Whether Sage has sales and purchase documents; a number: so many invoices for each contact. Default true. */
  invoices?: boolean | number;
  /** How far a vendor's clock is ahead of ours; negative: behind. Default 0. */
  sageClockSkewSeconds?: number;
  capsuleClockSkewSeconds?: number;
  /** What goes wrong from the start. The same seed makes the same choices. */
  faults?: { sage?: Fault[]; capsule?: Fault[]; seed?: string | undefined };
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /**
   * File in which both vendors' state outlives the process; absent = in memory only, the default. A file of
   * another company (seed, sizes, overlap) or version is not read and is written over.
   */
  stateFile?: string;
  /** Factor on the waits before a hook delivery is tried again; below 1 for tests. Default 1. */
  hookRetryScale?: number;
}

export type ResolvedOptions = Required<Omit<SandboxOptions, 'stateFile'>> & Pick<SandboxOptions, 'stateFile'>;

/** What both vendors' handles have in common. */
export interface VendorSandbox extends VendorKernel {
  /** `http://localhost:PORT`. */
  url: string;
  /** Ends connections, timers and deliveries. */
  close(): Promise<void>;
  /** Everything that must outlive a restart (records, grants, hooks), as plain JSON. */
  snapshot(): unknown;
  /** Puts the records of what `snapshot` gave in the place of all records. Grants and hooks stay as they are. */
  restore(snapshot: unknown): void;
}

/**
 * How `capsule/index.ts` and `sage/index.ts` export createCapsuleSandbox and createSageSandbox.
 * @param saved what `snapshot` gave in an earlier process; then `seed` is not used
 */
export type CreateVendorSandbox<Seed, Handle extends VendorSandbox> = (
  options: ResolvedOptions,
  kernel: VendorKernel,
  seed: Seed,
  saved?: unknown,
) => Promise<Handle>;
