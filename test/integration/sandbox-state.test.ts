import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Sandbox, startSandbox } from '../../services/sandbox';

let folder: string;
let stateFile: string;
let running: Sandbox | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-state-'));
  stateFile = join(folder, 'state.json');
});

afterEach(async () => {
  await running?.close();
  running = undefined;
  await rm(folder, { recursive: true });
});

async function restart(seed = 'demo'): Promise<Sandbox> {
  await running?.close();
  running = await startSandbox({ contacts: 5, stateFile, seed });
  return running;
}

const site = (sandbox: Sandbox, token: string) =>
  fetch(`${sandbox.capsuleUrl}/api/v2/site`, { headers: { authorization: `Bearer ${token}` } });

test('Capsule remembers parties, deletions, tags, hooks and grants over a restart', async () => {
  const before = (await restart()).capsule;
  const { accessToken, refreshToken } = before.issueTokens();
  const party = before.addParty({ type: 'organisation', name: 'Kept Ltd', tags: [{ name: 'Add to Sage' }] });
  const [gone] = before.parties();
  before.deleteParty(gone!.id);
  const [alice] = before.account.users;
  before.hooks.subscribe(alice!, 'app', { event: 'party/created', targetUrl: 'http://localhost:1/hook' });

  const { capsule: after } = await restart();
  expect(after.account.parties.get(party.id)).toEqual(party);
  expect([...after.account.parties.deleted()].map((deleted) => deleted.party.id)).toEqual([gone!.id]);
  expect([...after.account.tags.values()].map(({ name }) => name)).toContain('Add to Sage');
  expect(after.hooks.all()).toMatchObject([{ event: 'party/created', clientId: 'app' }]);
  expect((await site(running!, accessToken)).status).toBe(200);
  expect(after.grants.refresh(refreshToken, 'sandbox-capsule-client')).not.toBeNull();
  expect(after.addParty({ type: 'organisation', name: 'Next Ltd' }).id).toBeGreaterThan(party.id);
});

test('the state of another company is not read', async () => {
  const { accessToken } = (await restart()).capsule.issueTokens();
  expect((await site(await restart('other'), accessToken)).status).toBe(401);
});

test('a file that cannot be read stops the start and says what to do', async () => {
  await writeFile(stateFile, '{"format":');
  await expect(restart()).rejects.toThrow(/state\.json cannot be read\. Delete the file/);
});
