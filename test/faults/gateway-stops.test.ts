import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import getPort from 'get-port';
import { becomes, httpOk } from '../../services/local/health';
import { type Company, connectCompany } from '../support/company';
import { deadAddress } from '../support/vendor-server';

/** Longer than the first pauses between two tries to reach Temporal, which are 0.1 s to 0.5 s. */
const PATIENCE_MS = 15_000;

describe('a gateway that is told to stop while it tries to reach Temporal', () => {
  let company: Company;

  beforeAll(async () => {
    const port = await getPort();
    company = await connectCompany({
      sandbox: { contacts: 0 },
      env: {
        ...{ PORT: String(port), PUBLIC_URL: `http://localhost:${port}` },
        TEMPORAL_ADDRESS: new URL(await deadAddress()).host,
      },
    });
  });
  afterAll(() => company.close());

  test('ends without an error', async () => {
    const { env, tenantId, core } = company;
    const gateway = spawn(process.execPath, ['--import', 'tsx', 'services/gateway/main.ts'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = Promise.all([text(gateway.stdout), text(gateway.stderr)]);
    const exit = once(gateway, 'exit');
    expect(await becomes(httpOk(`${env.PUBLIC_URL}/healthz`), { timeoutMs: 60_000 })).toBe(true);
    const { secret } = await core.store.hooks.ensure(tenantId, 1);
    const hook = await fetch(`${env.PUBLIC_URL}/hooks/capsule/${tenantId}/${secret}`, {
      method: 'POST',
      body: JSON.stringify({ event: 'party/updated', payload: [{ id: 1 }] }),
    });
    expect(hook.status).toBe(200);
    // By now the first try has failed: asked for its health, it tries for two seconds.
    expect((await fetch(`${env.PUBLIC_URL}/readyz`)).status).toBe(503);

    gateway.kill('SIGTERM');
    const late = setTimeout(() => gateway.kill('SIGKILL'), PATIENCE_MS);
    const [code] = (await exit) as [number | null];
    clearTimeout(late);
    expect({ code, stderr: (await said)[1] }).toEqual({ code: 0, stderr: '' });
  });
});
