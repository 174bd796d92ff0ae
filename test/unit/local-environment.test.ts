import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partEnvironment, vendorsOf } from '../../services/local/environment';
import { DEFAULT_PORTS } from '../../services/local/ports';
import { type Servers } from '../../services/local/servers';
import { openHome } from '../../services/local/state';
import { readConfig } from '../../shared/config';

const home = openHome(mkdtempSync(join(tmpdir(), 'local-environment-')));
afterAll(() => rmSync(home.folder, { recursive: true }));

const own: Servers = {
  temporal: { kind: 'start', executable: 'temporal', from: 'PATH' },
  store: { kind: 'start', product: 'mongod', executable: 'mongod', from: 'PATH' },
};
const yours: Servers = {
  temporal: { kind: 'given', address: 'temporal.example:7233' },
  store: { kind: 'given', uri: 'mongodb://store.example' },
};
const ports = { ...DEFAULT_PORTS, gateway: 3001 };
const build = (env: NodeJS.ProcessEnv, servers = own) =>
  partEnvironment({ env, servers, ports, home, vendors: vendorsOf(env) });

test.each<[string, NodeJS.ProcessEnv, 'sandbox' | 'real']>([
  ['no credentials', {}, 'sandbox'],
  ['empty credentials', { SAGE_CLIENT_ID: '', CAPSULE_CLIENT_ID: '' }, 'sandbox'],
  ['credentials of both', { SAGE_CLIENT_ID: 'a', CAPSULE_CLIENT_ID: 'b' }, 'real'],
])('%s: the vendors are chosen', (_case, env, vendors) => {
  expect(vendorsOf(env)).toBe(vendors);
});

test('credentials of one vendor alone are refused, naming the missing variable', () => {
  expect(() => vendorsOf({ SAGE_CLIENT_ID: 'a' })).toThrow('CAPSULE_CLIENT_ID is not');
});

test('the environment that is made is complete for a gateway and a worker', () => {
  const config = readConfig(build({}));
  expect(config.publicUrl).toBe('http://localhost:3001');
  expect(config.sage.apiUrl).toBe('http://localhost:4010/v3.1');
  expect(config.capsule.apiUrl).toBe('http://localhost:4020/api/v2');
  expect(config.mongo.uri).toBe('mongodb://127.0.0.1:27017');
});

test('what the user has set wins', () => {
  const { PUBLIC_URL, TEMPORAL_ADDRESS, MONGODB_URI, TEMPORAL_UI_URL } = build(
    { PUBLIC_URL: 'https://sync.example' },
    yours,
  );
  expect([PUBLIC_URL, TEMPORAL_ADDRESS, MONGODB_URI, TEMPORAL_UI_URL]).toEqual([
    'https://sync.example',
    'temporal.example:7233',
    'mongodb://store.example',
    undefined,
  ]);
});

test('with real credentials nothing points at a sandbox', () => {
  const env = build({ SAGE_CLIENT_ID: 'a', CAPSULE_CLIENT_ID: 'b' });
  expect(env).toMatchObject({ SAGE_CLIENT_ID: 'a', CAPSULE_CLIENT_ID: 'b' });
  expect(env).not.toHaveProperty('SAGE_API_URL');
});

test('the keys are made once and are for the owner alone', () => {
  expect(build({}).ENCRYPTION_KEYS).toBe(build({}).ENCRYPTION_KEYS);
  expect(statSync(join(home.folder, 'secrets.json')).mode & 0o777).toBe(0o600);
});
