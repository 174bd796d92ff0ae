import { randomBytes, randomUUID } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../services/sandbox';
import { type Core, openCore } from '../../services/core';
import { readConfig, type Config } from '../../shared/config';
import { grantId } from '../../shared/ids';
import { createLogger, type Logger } from '../../shared/log';
import { type OauthClient } from '../../shared/oauth/client';
import { DEFAULT_SETTINGS } from '../../shared/store/tenants';
import { type TenantSettings } from '../../shared/domain/types';
import { consent } from './consent';

/** A connected company with both vendors' sandboxes and a database of its own, for tests below the gateway. */
export interface Company {
  tenantId: string;
  sandbox: Sandbox;
  config: Config;
  env: Record<string, string>;
  core: Core;
  log: Logger;
  /** An administrator connects a vendor again: a new grant takes the place of the old one. */
  consentAgain(vendor: 'capsule' | 'sage'): Promise<void>;
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

export interface CompanyOptions {
  sandbox?: SandboxOptions;
  settings?: Partial<TenantSettings>;
  env?: Record<string, string>;
}

/** Starts it, consents at both vendors and claims the demo business, as the gateway does. */
export async function connectCompany(options: CompanyOptions = {}): Promise<Company> {
  const company = await prepareCompany(options);
  const { core, tenantId, sandbox } = company;
  await core.store.createIndexes();
  await connectTenant(core, tenantId, sandbox.sage.business(), { ...DEFAULT_SETTINGS, ...options.settings });
  return company;
}

/** Sandboxes, environment and an empty database; nobody has signed in yet. */
export async function prepareCompany({ sandbox: options, env }: CompanyOptions): Promise<Company> {
  const sandbox = await startSandbox(options);
  const environment = {
    ...sandbox.environment,
    MONGODB_URI: process.env.MONGODB_URI ?? '',
    MONGODB_DB: `t_${randomUUID().replaceAll('-', '')}`,
    TEMPORAL_ADDRESS: process.env.TEMPORAL_ADDRESS ?? '',
    PUBLIC_URL: 'http://localhost:3999',
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    SAGE_REQUESTS_PER_MINUTE: '0',
    CAPSULE_REQUESTS_PER_HOUR: '0',
    OUTCOME_SETTLE: '2s',
    ...env,
  };
  const config = readConfig(environment);
  const log = createLogger('test', process.env.TEST_LOG ?? 'silent');
  const core = await openCore(config, log);
  const tenantId = randomUUID();

  return {
    ...{ tenantId, sandbox, config, env: environment, core, log },
    consentAgain: (vendor) => putGrant(core, tenantId, vendor),
    disconnect: () =>
      withDatabase(config, async (db) => {
        await db
          .collection<{ _id: string }>('tenants')
          .updateOne({ _id: tenantId }, { $set: { connected: false } });
      }),
    async close() {
      await core.close();
      await sandbox.close();
      await withDatabase(config, (db) => db.dropDatabase());
    },
  };
}

/** What sign-in, consent and the choice of a business leave behind in the store. */
export async function connectTenant(
  core: Core,
  tenantId: string,
  business: { id: string; name: string },
  settings: TenantSettings,
): Promise<void> {
  const { store } = core;
  await store.tenants.ensure(tenantId, { subdomain: 'demo', siteName: 'Demo' }, new Date());
  await store.tenants.saveSettings(tenantId, settings);
  await putGrant(core, tenantId, 'capsule');
  await putGrant(core, tenantId, 'sage');
  await store.tenants.connect(tenantId, {
    ...{ businessId: business.id, businessName: business.name, country: 'GB' },
    ...{ connectedBy: { userId: 1, name: 'Alice' }, connectedAt: new Date() },
  });
}

async function putGrant({ store, oauth }: Core, tenantId: string, vendor: 'capsule' | 'sage'): Promise<void> {
  const client: OauthClient = oauth[vendor];
  const user = vendor === 'capsule' ? 'alice' : 'owner';
  const { details: _details, ...answer } = await consent(client, user);
  const id = grantId(tenantId, vendor);
  await store.grants.put({ ...answer, id, tenantId, vendor, userId: user, userName: user, removeAt: null });
}

async function withDatabase(config: Config, work: (db: Db) => Promise<unknown>): Promise<void> {
  const client = await MongoClient.connect(config.mongo.uri);
  await work(client.db(config.mongo.database));
  await client.close();
}
