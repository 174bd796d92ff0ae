import { type Collection, type Db } from 'mongodb';
import { type ImportCounts, type SyncPhase, type TenantSettings } from '../domain/types';
import { isDuplicateKey } from './database';
import { type Leaving, leavingOf } from './leaving';

/** The Sage business that a tenant is, or was last, connected to. */
export interface Connection {
  /** Counts the connections of the tenant from 1. */
  number: number;
  businessId: string;
  businessName: string;
  /** ISO alpha-2. */
  country: string;
  connectedBy: { userId: number; name: string };
  connectedAt: Date;
}

export type ImportStep = 'preparing' | 'reading' | 'matching' | 'settling' | 'done';

export interface ImportProgress extends ImportCounts {
  step: ImportStep;
  startedAt: Date;
  finishedAt: Date | null;
  /** Set while the import waits for a vendor's limit. */
  waitingUntil: Date | null;
}

/** Something that a person should know or do, in plain words. */
export interface Problem {
  code: string;
  message: string;
  since: Date;
}

/** Sage did not answer. It is over when a list has been read since. */
export interface SageOutage {
  since: Date;
  /** Up to when lists had been read then (ms): a list that was read later has another time. */
  readTo: number;
}

/** The passes of a tenant, counted over all its connections. */
export interface Passes {
  /** Number of the last pass that began; 0 before the first. */
  begun: number;
  /** The workflow run that began it: a second attempt finds its own number again. */
  owner: string;
  /** Whether it was to be a full one. */
  full: boolean;
  /** Whether the next one is to be a full one. */
  wantFull: boolean;
}

/** A Capsule account, and what it is connected to. */
export interface Tenant {
  id: string;
  /** Shown only: the web address of the account can be renamed. */
  subdomain: string;
  siteName: string;
  phase: SyncPhase;
  settings: TenantSettings;
  connected: boolean;
  connection: Connection | null;
  import: ImportProgress | null;
  problems: Problem[];
  /** The operator's pause. */
  paused?: boolean;
  /** Set when Sage could not be reached for somebody who waited for it. */
  sageOutage?: SageOutage | null;
  /** Set while a disconnect is under way (R23). */
  leaving?: Leaving | null;
  /** R24: what is known of another business is to be put aside before the import. */
  startAfresh?: boolean;
  passes?: Partial<Passes>;
  createdAt: Date;
}

type TenantDocument = Omit<Tenant, 'id'> & { _id: string; businessId?: string };

/** How often the number of a pass is claimed again after somebody else changed it. */
const PASS_ATTEMPTS = 10;

export const DEFAULT_SETTINGS: TenantSettings = {
  defaultTeamId: null,
  excludeSuppliers: false,
  nearMatches: 'review',
  invoiceFields: true,
  supplierFiguresForAll: false,
};

/** Tenants: one document per Capsule account. Every change is one atomic update. */
export function createTenantRepository(db: Db) {
  const tenants: Collection<TenantDocument> = db.collection('tenants');

  return {
    async createIndexes(): Promise<void> {
      // R1: of the connected tenants, at most one holds a Sage business.
      await tenants.createIndex(
        { businessId: 1 },
        { name: 'one_tenant_per_business', unique: true, partialFilterExpression: { connected: true } },
      );
    },

    async find(id: string): Promise<Tenant | null> {
      const document = await tenants.findOne({ _id: id });
      return document && fromDocument(document);
    },

    /** Makes the tenant at its first sign-in; later ones refresh the shown names. */
    async ensure(id: string, names: { subdomain: string; siteName: string }, now: Date): Promise<Tenant> {
      const fresh = {
        phase: 'disconnected' as const,
        settings: DEFAULT_SETTINGS,
        connected: false,
        connection: null,
        import: null,
        problems: [],
        createdAt: now,
      };
      await tenants.updateOne({ _id: id }, { $set: names, $setOnInsert: fresh }, { upsert: true });
      const tenant = await this.find(id);
      if (!tenant) throw new Error(`tenant ${id} vanished while it was made`);
      return tenant;
    },

    /**
     * Claims a Sage business for a tenant that is not connected (R1).
     * @returns `taken` when another Capsule account holds the business, `busy` when this tenant is connected
     * already, or has not stopped yet after a disconnect
     */
    async connect(
      id: string,
      connection: Omit<Connection, 'number'>,
    ): Promise<'connected' | 'taken' | 'busy'> {
      const tenant = await this.find(id);
      if (!tenant || tenant.connected) return 'busy';
      const number = (tenant.connection?.number ?? 0) + 1;
      const previous = tenant.connection?.businessId ?? connection.businessId;
      try {
        const claimed = await tenants.updateOne(
          // Fields that are still being cleared stay as they are from now on.
          { _id: id, connected: false, 'leaving.stage': { $nin: ['stopping', 'erasing'] } },
          {
            $set: {
              connected: true,
              ...{ paused: false, leaving: null },
              ...(previous === connection.businessId ? {} : { startAfresh: true }),
              businessId: connection.businessId,
              connection: { ...connection, number },
              phase: 'importing',
              import: null,
              problems: [],
            },
          },
        );
        return claimed.modifiedCount === 1 ? 'connected' : 'busy';
      } catch (error) {
        if (isDuplicateKey(error)) return 'taken';
        throw error;
      }
    },

    async saveSettings(id: string, settings: TenantSettings): Promise<void> {
      await tenants.updateOne({ _id: id }, { $set: { settings } });
    },

    ...leavingOf(tenants),

    /** The operator's pause; it ends with the connection. */
    async setPaused(id: string, paused: boolean): Promise<void> {
      await tenants.updateOne({ _id: id, connected: true }, { $set: { paused } });
    },

    /** @param outage null when Sage has answered again */
    async noteOutage(id: string, outage: SageOutage | null): Promise<void> {
      await tenants.updateOne({ _id: id }, { $set: { sageOutage: outage } });
    },

    /** What was known of another business has been put aside (R24). */
    async startedAfresh(id: string): Promise<void> {
      await tenants.updateOne({ _id: id }, { $unset: { startAfresh: '' } });
    },

    /** Sets the phase of a connected tenant; a disconnected one stays disconnected. */
    async setPhase(id: string, phase: SyncPhase): Promise<void> {
      await tenants.updateOne({ _id: id, connected: true }, { $set: { phase } });
    },

    /** Starts the figures of an import anew; one that is under way keeps them. */
    async beginImport(id: string, progress: ImportProgress): Promise<void> {
      await tenants.updateOne({ _id: id, import: null }, { $set: { import: progress } });
    },

    /** Updates figures of the import under way. */
    async updateImport(id: string, figures: Partial<ImportProgress>): Promise<void> {
      const set = Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [`import.${name}`, value]),
      );
      await tenants.updateOne({ _id: id, import: { $ne: null } }, { $set: set });
    },

    /** Asks for a pass. @returns the number of the pass that will cover it: the next one to begin */
    async requestPass(id: string, full: boolean): Promise<number> {
      if (full) await tenants.updateOne({ _id: id }, { $set: { 'passes.wantFull': true } });
      return ((await this.find(id))?.passes?.begun ?? 0) + 1;
    },

    /**
     * Numbers a pass and takes the wish for a full one with it.
     * @param owner the same for each attempt of one pass
     * @returns null when others were faster too often, or the tenant is gone
     */
    async beginPass(id: string, owner: string): Promise<{ number: number; full: boolean } | null> {
      for (let attempt = 1; attempt <= PASS_ATTEMPTS; attempt += 1) {
        const { passes } = (await this.find(id)) ?? {};
        const { begun = 0, wantFull = false } = passes ?? {};
        if (passes?.owner === owner) return { number: begun, full: passes.full ?? false };
        const known = begun > 0 ? { 'passes.begun': begun } : { 'passes.begun': { $exists: false } };
        const { modifiedCount } = await tenants.updateOne(
          { _id: id, ...known, 'passes.wantFull': wantFull ? true : { $ne: true } },
          { $set: { passes: { begun: begun + 1, owner, full: wantFull, wantFull: false } } },
        );
        if (modifiedCount === 1) return { number: begun + 1, full: wantFull };
      }
      return null;
    },

    /** Adds a problem, or refreshes the message of one already there. */
    async reportProblem(id: string, problem: Problem): Promise<void> {
      const known = await tenants.updateOne(
        { _id: id, 'problems.code': problem.code },
        { $set: { 'problems.$.message': problem.message } },
      );
      if (known.matchedCount === 0) {
        // Somebody may have reported it in between.
        await tenants.updateOne(
          { _id: id, 'problems.code': { $ne: problem.code } },
          { $push: { problems: problem } },
        );
      }
    },

    async clearProblem(id: string, code: string): Promise<void> {
      await tenants.updateOne({ _id: id }, { $pull: { problems: { code } } });
    },
  };
}

function fromDocument({ _id, businessId: _businessId, ...tenant }: TenantDocument): Tenant {
  return { id: _id, ...tenant };
}
