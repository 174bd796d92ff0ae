import { startSandbox } from '../../services/sandbox';
import { readConfig, VARIABLES } from '../../shared/config';
import {
  type Compose,
  composeProblems,
  readCompose,
  readEnvFile,
  readText,
  variablesOf,
} from '../support/compose';

/** docker-compose.yml, Dockerfile and the env files cannot be run by the tests; they are read and checked. */

const documented = Object.keys(readEnvFile('.env.example', { commented: true }));
const service = (compose: Compose, name: string) => {
  const found = compose.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

describe('docker-compose.yml', () => {
  it('keeps to the compose schema and to our own rules', () => {
    expect(composeProblems(readCompose(), documented)).toEqual([]);
  });

  it('starts everything that production needs without a profile, and the sandbox only with one', () => {
    const services = Object.entries(readCompose().services);
    const plain = services.filter(([, { profiles }]) => !profiles).map(([name]) => name);
    expect(plain.sort()).toEqual(
      ['gateway', 'mongodb', 'postgres', 'setup', 'temporal', 'temporal-namespace', 'temporal-schema']
        .concat(['temporal-ui', 'worker'])
        .sort(),
    );
    expect(service(readCompose(), 'sandbox').profiles).toEqual(['sandbox']);
  });

  it.each(['gateway', 'worker', 'setup'])('gives %s every variable that the configuration reads', (name) => {
    const given = Object.keys(service(readCompose(), name).environment ?? {});
    expect(VARIABLES.filter((variable) => !given.includes(variable))).toEqual([]);
    expect(given.filter((variable) => !documented.includes(variable))).toEqual([]);
  });

  it('tells the sandbox only names that .env.example explains', () => {
    const names = Object.keys(service(readCompose(), 'sandbox').environment ?? {});
    expect(names.filter((name) => !documented.includes(name))).toEqual([]);
  });

  it('lets the worker drain before it is killed', () => {
    expect(service(readCompose(), 'worker').stop_grace_period).toBe('40s');
  });

  it('names our image by the version of the package', () => {
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect(service(readCompose(), 'gateway').image).toBe(`capsule-sage-sync:${version}`);
  });
});

describe('the check of compose files', () => {
  const breakages: [string, RegExp, (compose: Compose) => unknown][] = [
    ['an unknown key', /additional/, (c) => (service(c, 'gateway').comand = [])],
    ['a misspelt condition', /must be equal to one of/, (c) => depend(c, 'setup', 'service_heathy')],
    ['a missing dependency', /which does not exist/, (c) => depend(c, 'redis', 'service_started')],
    ['health awaited of a job', /has no health check/, (c) => depend(c, 'setup', 'service_healthy')],
    [
      'a job that is not awaited',
      /wait for the end of the job/,
      (c) => depend(c, 'setup', 'service_started'),
    ],
    [
      'the end awaited of a server',
      /is no job/,
      (c) => depend(c, 'temporal', 'service_completed_successfully'),
    ],
    ['a need of a profile', /only a profile starts/, (c) => depend(c, 'sandbox', 'service_started')],
    ['a malformed interval', /is no duration/, (c) => (health(c).interval = '15 seconds')],
    ['no health check', /has no health check/, (c) => delete service(c, 'gateway').healthcheck],
    ['a floating image', /is not pinned/, (c) => (service(c, 'mongodb').image = 'mongo:latest')],
    ['an image with no tag', /is not pinned/, (c) => (service(c, 'mongodb').image = 'mongo')],
    ['an undocumented variable', /not in .env.example/, (c) => set(c, 'PORT', '${GATEWAY_PORT}')],
    ['a literal secret', /not asked of the environment/, (c) => set(c, 'SESSION_SECRET', 'hunter2')],
    [
      'a secret with a default',
      /not asked of the env/,
      (c) => set(c, 'SESSION_SECRET', '${SESSION_SECRET:-x}'),
    ],
    ['a port open to all', /beyond this machine/, (c) => (service(c, 'gateway').ports = ['3000:3000'])],
    ['an undeclared volume', /not declared/, (c) => (service(c, 'mongodb').volumes = ['data:/data/db'])],
    ['a missing script', /not there/, (c) => (service(c, 'setup').volumes = ['./deploy/none.sh:/x:ro'])],
    ['an undeclared network', /not declared/, (c) => (service(c, 'gateway').networks = ['outside'])],
    ['root', /runs as root/, (c) => delete service(c, 'worker').user],
    ['a writable root', /can write/, (c) => delete service(c, 'worker').read_only],
    ['a wrong path', /which does not exist/, (c) => (service(c, 'worker').command = ['node', 'worker.ts'])],
  ];

  it.each(breakages)('refuses %s', (_what, finding, breakIt) => {
    const compose = structuredClone(readCompose());
    breakIt(compose);
    expect(composeProblems(compose, documented).join('\n')).toMatch(finding);
  });

  function depend(compose: Compose, name: string, condition: string) {
    service(compose, 'gateway').depends_on = { [name]: { condition } };
  }
  function set(compose: Compose, name: string, value: string) {
    service(compose, 'gateway').environment = { ...service(compose, 'gateway').environment, [name]: value };
  }
  function health(compose: Compose) {
    return service(compose, 'gateway').healthcheck ?? { test: [] };
  }
});

describe('the env files', () => {
  it('hold every variable of the configuration in .env.example', () => {
    expect(VARIABLES.filter((name) => !documented.includes(name))).toEqual([]);
  });

  it('show no variable in .env.example that nothing reads', () => {
    const files = ['worker/main.ts', 'codec-server/main.ts', 'sandbox/options.ts'];
    const beside = files.map((file) => readText(`services/${file}`)).join();
    const read = [...VARIABLES, ...variablesOf(readCompose())];
    expect(documented.filter((name) => !read.includes(name) && !beside.includes(name))).toEqual([]);
  });

  it('show the real defaults: the configuration is the same with every shown default set', () => {
    const secrets = {
      SAGE_CLIENT_ID: 'a',
      SAGE_CLIENT_SECRET: 'b',
      CAPSULE_CLIENT_ID: 'c',
      CAPSULE_CLIENT_SECRET: 'd',
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
      SESSION_SECRET: 's'.repeat(32),
    };
    const shown = readEnvFile('.env.example', { commented: true });
    expect(readConfig({ ...shown, ...secrets })).toEqual(readConfig(secrets));
  });

  it('point gateway and worker at the sandboxes by deploy/sandbox.env, as the sandboxes say themselves', async () => {
    const sandbox = await startSandbox({ contacts: 0 });
    await sandbox.close();
    const onComposePorts = Object.entries(sandbox.environment).map(([name, value]) => [
      name,
      value
        .replace(sandbox.sageUrl, 'http://localhost:4010')
        .replace(sandbox.capsuleUrl, 'http://localhost:4020'),
    ]);
    expect(readEnvFile('deploy/sandbox.env')).toEqual({
      ...(Object.fromEntries(onComposePorts) as Record<string, string>),
      PORT: '3000',
      PUBLIC_URL: 'http://localhost:3000',
    });
  });
});

describe('the Dockerfile', () => {
  const dockerfile = readText('Dockerfile');

  it('ends as a user who is not root, on a Debian image of a supported Node', () => {
    expect([...dockerfile.matchAll(/^USER (.+)$/gm)].at(-1)?.[1]).toBe('node');
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(bases).toEqual(['node:22-bookworm-slim', 'node:22-bookworm-slim']);
  });

  it('copies only what .dockerignore lets through', () => {
    const kept = [...readText('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
      String(paths).split(' '),
    );
    expect(copies.filter((path) => !kept.includes(path))).toEqual([]);
    expect(copies).toEqual(
      expect.arrayContaining(['shared', 'activities', 'workflows', 'services', 'deploy']),
    );
  });
});
