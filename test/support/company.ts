import { randomBytes, randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
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
  close(): Promise<void>;
}

export interface CompanyOptions {
  sandbox?: SandboxOptions;
  settings?: Partial<TenantSettings>;
  env?: Record<string, string>;
}

/** Starts it, consents at both vendors and claims the demo business, as the gateway does. */
export async function connectCompany({
  sandbox: options,
  settings,
  env,
}: CompanyOptions = {}): Promise<Company> {
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
  await core.store.createIndexes();
  const tenantId = randomUUID();
  await connectTenant(core, tenantId, sandbox.sage.business(), { ...DEFAULT_SETTINGS, ...settings });

  return {
    ...{ tenantId, sandbox, config, env: environment, core, log },
    async close() {
      await core.close();
      await sandbox.close();
      const client = await MongoClient.connect(config.mongo.uri);
      await client.db(config.mongo.database).dropDatabase();
      await client.close();
    },
  };
}

/** What sign-in, consent and the choice of a business leave behind in the store. */
export async function connectTenant(
  { store, oauth }: Core,
  tenantId: string,
  business: { id: string; name: string },
  settings: TenantSettings,
): Promise<void> {
  await store.tenants.ensure(tenantId, { subdomain: 'demo', siteName: 'Demo' }, new Date());
  await store.tenants.saveSettings(tenantId, settings);
  const grant = async (vendor: 'capsule' | 'sage', client: OauthClient, user: string) => {
    const { details: _details, ...answer } = await consent(client, user);
    const id = grantId(tenantId, vendor);
    await store.grants.put({ ...answer, id, tenantId, vendor, userId: user, userName: user, removeAt: null });
  };
  await grant('capsule', oauth.capsule, 'alice');
  await grant('sage', oauth.sage, 'owner');
  await store.tenants.connect(tenantId, {
    ...{ businessId: business.id, businessName: business.name, country: 'GB' },
    ...{ connectedBy: { userId: 1, name: 'Alice' }, connectedAt: new Date() },
  });
}
