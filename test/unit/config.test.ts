import { ConfigError, readConfig, VARIABLES } from '../../shared/config';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const NEEDED = {
  SAGE_CLIENT_ID: 'sage-id',
  SAGE_CLIENT_SECRET: 'sage-secret',
  CAPSULE_CLIENT_ID: 'capsule-id',
  CAPSULE_CLIENT_SECRET: 'capsule-secret',
  ENCRYPTION_KEYS: `k1:${key(1)}`,
  SESSION_SECRET: 'abcdefghijklmnopqrstuvwxyz012345',
};
const read = (more: Record<string, string> = {}) => readConfig({ ...NEEDED, ...more });

/** The lines of the refusal, without its headline. */
function refusals(env: Record<string, string>): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
  }
  throw new Error('the environment was not refused');
}
const refusal = (more: Record<string, string>) => refusals({ ...NEEDED, ...more }).join('\n');

describe('the environment', () => {
  test('needs only credentials and secrets: everything else has its default', () => {
    expect(read()).toMatchObject({
      ...{ port: 3000, publicUrl: 'http://localhost:3000', logLevel: 'info', otlpEndpoint: null },
      temporal: { address: '127.0.0.1:7233', namespace: 'default', uiUrl: 'http://localhost:8233' },
      mongo: { uri: 'mongodb://127.0.0.1:27017', database: 'capsule_sage' },
      ...{ syncIntervalMs: 300_000, sweepIntervalMs: 3_600_000, deepSweepIntervalMs: 86_400_000 },
      ...{ syncOverlapMs: 600_000, outcomeSettleMs: 120_000 },
      sage: { requestsPerMinute: 100 },
      capsule: { requestsPerHour: 4_000 },
    });
  });

  test('leads to the real vendors unless told otherwise', () => {
    const { sage, capsule } = read();
    expect(sage).toMatchObject({
      authorizeUrl: 'https://www.sageone.com/oauth2/auth/central',
      tokenUrl: 'https://oauth.accounting.sage.com/token',
      apiUrl: 'https://api.accounting.sage.com/v3.1',
    });
    expect(capsule).toMatchObject({
      authorizeUrl: 'https://api.capsulecrm.com/oauth/authorise',
      tokenUrl: 'https://api.capsulecrm.com/oauth/token',
      apiUrl: 'https://api.capsulecrm.com/api/v2',
    });
  });

  test('that is empty is told with everything that it lacks at once', () => {
    const missing = Object.keys(NEEDED).map((name) => `  ${name} is missing`);
    expect(refusals({}).sort()).toEqual(missing.sort());
  });

  test('with an empty variable is the same as without it', () => {
    const empty = Object.fromEntries(VARIABLES.map((name) => [name, '']));
    expect(readConfig({ ...empty, ...NEEDED })).toEqual(read());
    expect(refusals({ ...NEEDED, SAGE_CLIENT_ID: '' })).toEqual(['  SAGE_CLIENT_ID is missing']);
  });

  test('is refused with every mistake by name and without the value of a secret', () => {
    const wrong = {
      ...{ PORT: 'three', PUBLIC_URL: 'nowhere', MONGODB_URI: 'postgres://user:hunter2@db' },
      ...{ SAGE_API_URL: 'http://sage.test', SYNC_INTERVAL: 'often', LOG_LEVEL: 'loud' },
      ...{ ENCRYPTION_KEYS: 'k1:hunter2', SESSION_SECRET: 'hunter2', TEMPORAL_PAYLOAD_ENCRYPTION: 'yes' },
    };
    const lines = refusals({ ...NEEDED, ...wrong });
    expect(lines.map((line) => line.trim().split(' ')[0]).sort()).toEqual(Object.keys(wrong).sort());
    expect(lines.join('\n')).not.toMatch(/hunter2|sage-secret|capsule-secret/);
  });

  test.each(['-1', '30.5', 'none'])('has no port %s', (PORT) => {
    expect(refusal({ PORT })).toMatch(/^ {2}PORT /);
  });

  test('has addresses without a slash at the end', () => {
    const config = read({
      PUBLIC_URL: 'https://sync.test/',
      CAPSULE_API_URL: 'https://capsule.test/api/v2//',
    });
    expect(config.publicUrl).toBe('https://sync.test');
    expect(config.capsule.apiUrl).toBe('https://capsule.test/api/v2');
  });

  test('0 requests mean no limit of our own', () => {
    const config = read({ SAGE_REQUESTS_PER_MINUTE: '0', CAPSULE_REQUESTS_PER_HOUR: '0' });
    expect(config.sage.requestsPerMinute).toBe(0);
    expect(config.capsule.requestsPerHour).toBe(0);
  });
});

describe('vendor addresses', () => {
  const VENDOR_URLS = VARIABLES.filter((name) => /^(SAGE|CAPSULE)_.*URL$/.test(name));

  test.each(VENDOR_URLS)('%s may be plain http on this machine only', (name) => {
    expect(refusal({ [name]: 'http://vendor.test/path' })).toBe(
      `  ${name} must be https; plain http is allowed for loopback hosts only`,
    );
    expect(() => read({ [name]: 'http://127.0.0.1:4010/path' })).not.toThrow();
  });

  test.each([
    'http://localhost:4010',
    'http://127.0.0.1',
    'http://127.8.8.8:1',
    'http://[::1]:4010',
    'https://vendor.test',
  ])('%s is taken', (SAGE_API_URL) => {
    expect(read({ SAGE_API_URL }).sage.apiUrl).toBe(SAGE_API_URL);
  });

  test.each([
    'http://localhost.evil.test',
    'http://127.0.0.1.evil.test',
    'http://evil.test/?localhost',
    'http://localhost@evil.test',
    'http://10.0.0.1',
    'http://[::2]',
    'not an address',
  ])('%s is refused', (SAGE_API_URL) => {
    expect(refusal({ SAGE_API_URL })).toMatch(/^ {2}SAGE_API_URL must be /);
  });
});

describe('addresses and ports', () => {
  test('that no server can have are refused', () => {
    expect(refusal({ PORT: '70000' })).toMatch(/PORT/);
  });

  test('of a vendor are http or https', () => {
    expect(refusal({ SAGE_API_URL: 'ftp://localhost' })).toMatch(/SAGE_API_URL/);
  });
});

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['2 days', 172_800_000],
    ['500ms', 500],
  ])('%s are %i ms', (SYNC_INTERVAL, expected) => {
    expect(read({ SYNC_INTERVAL }).syncIntervalMs).toBe(expected);
  });

  // 120 would be 120 ms, and a create would be taken for lost while it is under way (R29).
  test('a number without a unit is refused', () => {
    expect(refusal({ OUTCOME_SETTLE: '120' })).toMatch(/OUTCOME_SETTLE must be a duration/);
  });

  test.each(['soon', '0', '-5m', '5 parsecs', ' '])('"%s" is refused with an example', (OUTCOME_SETTLE) => {
    expect(refusal({ OUTCOME_SETTLE })).toBe(
      `  OUTCOME_SETTLE must be a duration such as 120s, not "${OUTCOME_SETTLE}"`,
    );
  });
});

describe('the keyring', () => {
  test('keeps its order: the first key encrypts', () => {
    const { encryptionKeys } = read({ ENCRYPTION_KEYS: `new_1:${key(2)}, old-1:${key(1)}` });
    expect(encryptionKeys).toEqual([
      { id: 'new_1', key: Buffer.alloc(32, 2) },
      { id: 'old-1', key: Buffer.alloc(32, 1) },
    ]);
  });

  test.each([
    ['an empty id', `:${key(1)}`],
    ['an id with a dot', `k.1:${key(1)}`],
    ['a short key', `k1:${Buffer.alloc(16).toString('base64')}`],
    ['a comma too many', `k1:${key(1)},`],
  ])('with %s is refused', (_what, ENCRYPTION_KEYS) => {
    expect(refusal({ ENCRYPTION_KEYS })).toMatch(/^ {2}ENCRYPTION_KEYS must be id:base64/);
  });

  // Otherwise the key would stand as its own id in front of every sealed text.
  test('does not take a key without an id', () => {
    expect(refusal({ ENCRYPTION_KEYS: key(1) })).toMatch(/^ {2}ENCRYPTION_KEYS must be id:base64/);
  });

  test('with two keys of one id is refused: what the first sealed would not open', () => {
    expect(refusal({ ENCRYPTION_KEYS: `k1:${key(2)},k1:${key(1)}` })).toMatch(/ENCRYPTION_KEYS/);
  });
});
