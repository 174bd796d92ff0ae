import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { becomes } from '../../services/local/health';
import { ROOT } from '../../services/local/paths';
import { choosePorts } from '../../services/local/ports';
import { provision } from '../../services/local/provision';
import { alive, openHome, takeFolder } from '../../services/local/state';
import { type Part, Supervisor } from '../../services/local/supervisor';

const folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
const journal = join(folder, 'journal');
const written = () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : []);
const note = (word: string) => `echo ${word} >> ${journal}`;

/** A part that notes when it starts and when it is told to stop. */
const stub = (name: string, before = ':'): Part => ({
  name,
  command: ['sh', '-c', `${before}; trap '${note(`-${name}`)}; exit 0' TERM; ${note(name)}; ${LOOP}`],
  ready: () => Promise.resolve(written().includes(name)),
});
const LOOP = 'while :; do sleep 0.05; done';

const supervisors: Supervisor[] = [];
const supervisor = () => {
  const made = new Supervisor(join(folder, 'logs'));
  supervisors.push(made);
  return made;
};

afterEach(async () => {
  await Promise.all(supervisors.map((each) => each.stop()));
  rmSync(journal, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('parts start after what they need, and stop in reverse order', async () => {
  const stack = supervisor();
  const ready: string[] = [];
  const job: Part = { name: 'job', command: ['sh', '-c', `sleep 0.2; ${note('job')}`], ready: null };
  for (const part of [stub('one'), job, stub('two')])
    await stack.startWave([part], (name) => ready.push(name));
  await stack.stop();
  expect(ready).toEqual(['one', 'job', 'two']);
  expect(written()).toEqual(['one', 'job', 'two', '-two', '-one', '']);
});

test('a part that dies is named with the end of its log', async () => {
  const stack = supervisor();
  const lines = 'i=1; while [ $i -le 40 ]; do echo line $i; i=$((i+1)); done';
  const doomed: Part = {
    ...stub('doomed'),
    command: ['sh', '-c', `${lines}; ${note('doomed')}; sleep 0.2; exit 3`],
  };
  await stack.startWave([stub('steady'), doomed], () => undefined);
  const message = await stack.failure.catch((error: Error) => error.message);
  expect(message).toMatch(/^The doomed died \(code 3\)/);
  expect(message).toMatch(/line 21\n[^]*line 40$/);
  expect(message).not.toContain('line 20\n');
});

test('a part that dies while it starts, and a job that fails, end the start', async () => {
  const dead: Part = {
    name: 'dead',
    command: ['sh', '-c', 'echo why; exit 1'],
    ready: () => Promise.resolve(false),
  };
  await expect(supervisor().startWave([dead], () => undefined)).rejects.toThrow(/The dead died[^]*why/);
  const job: Part = { name: 'job', command: ['sh', '-c', 'echo why; exit 1'], ready: null };
  await expect(supervisor().startWave([job], () => undefined)).rejects.toThrow(
    /The job ended with code 1[^]*why/,
  );
});

test('a part deaf to SIGTERM is killed after its grace', async () => {
  const stack = supervisor();
  const deaf: Part = {
    name: 'deaf',
    command: ['sh', '-c', `trap '' TERM; echo $$ > ${journal}; ${LOOP}`],
    ready: () => Promise.resolve(existsSync(journal)),
    graceSeconds: 1,
  };
  await stack.startWave([deaf], () => undefined);
  const pid = Number(written()[0]);
  await stack.stop();
  expect(alive(pid)).toBe(false);
});

test('nothing is left running when the stack itself is killed', async () => {
  const code = `
    const { Supervisor } = require('./services/local/supervisor');
    const command = ['sh', '-c', 'echo $$ > ${journal}; ${LOOP}'];
    const ready = async () => require('node:fs').existsSync('${journal}');
    void new Supervisor('${folder}/killed').startWave([{ name: 'child', command, ready }], () => undefined);`;
  const parent: ChildProcess = spawn(process.execPath, ['--import', 'tsx', '-e', code], { cwd: ROOT });
  const started = () => Promise.resolve(Number(written()[0]) > 0);
  expect(await becomes(started, { timeoutMs: 60_000 })).toBe(true);
  const pid = Number(written()[0]);
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  expect(await becomes(() => Promise.resolve(!alive(pid)), { timeoutMs: 60_000 })).toBe(true);
});

const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { server, port: (server.address() as AddressInfo).port };
};

test('a taken port is avoided, each part has its own, and one asked for by name is insisted on', async () => {
  const { server, port } = await listening();
  try {
    const ports = await choosePorts({ gateway: port });
    expect(ports.gateway).not.toBe(port);
    expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length);
    await expect(choosePorts({}, { gateway: port })).rejects.toThrow(`Port ${port}`);
  } finally {
    server.close();
  }
});

test('the port of the last start is taken again', async () => {
  const { server, port } = await listening();
  await new Promise((resolve) => server.close(resolve));
  expect((await choosePorts({ sage: port })).sage).toBe(port);
});

test('a second start on the same folder is refused, a killed one forgotten', async () => {
  const home = openHome(join(folder, 'home'));
  const hold = await takeFolder(home, () => undefined);
  await expect(takeFolder(home, () => undefined)).rejects.toThrow(`process ${process.pid}`);
  hold.giveBack();
  (await takeFolder(home, () => undefined)).giveBack();
});

test('servers named in the environment are used, and nothing is looked for', async () => {
  const env = { PATH: '', TEMPORAL_ADDRESS: 'a:1', MONGODB_URI: 'mongodb://b' };
  expect(await provision({ env, local: join(folder, 'none') })).toEqual({
    temporal: { kind: 'given', address: 'a:1' },
    store: { kind: 'given', uri: 'mongodb://b' },
  });
});

test('without Python the missing thing is named', async () => {
  const env = { PATH: folder };
  await expect(provision({ env, local: join(folder, 'none') })).rejects.toThrow('python3 is not on the PATH');
});
