import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Sandbox, type SandboxOptions, startSandbox } from '../../services/sandbox';
import { resolveOptions } from '../../services/sandbox/options';
import { keepStates } from '../../services/sandbox/state-file';
import { until } from '../support/until';

let folder: string;
let stateFile: string;
let running: Sandbox[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-state-'));
  stateFile = join(folder, 'state.json');
});

afterEach(async () => {
  jest.restoreAllMocks();
  await closeAll();
  await rm(folder, { recursive: true });
});

async function restart(options: SandboxOptions = {}): Promise<Sandbox> {
  await closeAll();
  const sandbox = await startSandbox({ contacts: 5, stateFile, ...options });
  running.push(sandbox);
  return sandbox;
}

async function closeAll(): Promise<void> {
  await Promise.all(running.map((sandbox) => sandbox.close()));
  running = [];
}

const capsuleSite = ({ capsuleUrl }: Sandbox, token: string) =>
  fetch(`${capsuleUrl}/api/v2/site`, { headers: { authorization: `Bearer ${token}` } });

async function postContact({ sage }: Sandbox, token: string, contact: object) {
  const headers = {
    authorization: `Bearer ${token}`,
    'x-business': sage.business().id,
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ contact: { contact_type_ids: ['CUSTOMER'], ...contact } });
  const response = await fetch(`${sage.url}/v3.1/contacts`, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as { id: string } };
}

async function refreshSage({ sageUrl, environment }: Sandbox, refreshToken: string) {
  const form = {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: environment.SAGE_CLIENT_ID!,
    client_secret: environment.SAGE_CLIENT_SECRET!,
  };
  const response = await fetch(`${sageUrl}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const body = (await response.json()) as { access_token: string; refresh_token: string };
  return { status: response.status, access: body.access_token, refresh: body.refresh_token };
}

test('Capsule remembers parties, deletions, tags, hooks and grants over a restart', async () => {
  const before = (await restart()).capsule;
  const { accessToken, refreshToken } = before.issueTokens();
  const party = before.addParty({ type: 'organisation', name: 'Kept Ltd', tags: [{ name: 'Add to Sage' }] });
  const [gone] = before.parties();
  before.deleteParty(gone!.id);
  const [alice] = before.account.users;
  before.hooks.subscribe(alice!, 'app', { event: 'party/created', targetUrl: 'http://localhost:1/hook' });

  const sandbox = await restart();
  const after = sandbox.capsule;
  expect(after.account.parties.get(party.id)).toEqual(party);
  expect([...after.account.parties.deleted()].map((deleted) => deleted.party.id)).toEqual([gone!.id]);
  expect([...after.account.tags.values()].map(({ name }) => name)).toContain('Add to Sage');
  expect(after.hooks.all()).toMatchObject([{ event: 'party/created', clientId: 'app' }]);
  expect((await capsuleSite(sandbox, accessToken)).status).toBe(200);
  expect(after.grants.refresh(refreshToken, 'sandbox-capsule-client')).not.toBeNull();
  expect(after.addParty({ type: 'organisation', name: 'Next Ltd' }).id).toBeGreaterThan(party.id);
});

describe('Sage', () => {
  it('remembers what was added, edited, deleted, written and paid over a restart', async () => {
    const before = (await restart()).sage.business();
    const added = before.addContact({ name: 'Kept Ltd', main_address: { city: 'Leeds' } });
    const gone = before.addContact({ name: 'Gone Ltd', reference: 'GONE' });
    before.editContact(added.id, { name: 'Renamed Ltd', delivery_address: { city: 'York' } });
    before.deleteContact(gone.id);
    const line = { description: 'Work', quantity: 1, unit_price: '10.00' };
    const invoice = { contact_id: added.id, date: '2026-01-31', invoice_lines: [line] };
    before.recordPayment(before.addDocument('sales_invoice', invoice).id, 500);
    const told = before.books.snapshot();

    const after = (await restart()).sage.business();
    expect(after.books.snapshot()).toEqual(JSON.parse(JSON.stringify(told)));
    expect(after.contact(gone.id)?.deletedAt).not.toBeNull();
    expect(after.documents(added.id)).toMatchObject([{ status: 'PART_PAID', paid: 500 }]);
    expect(() => after.addContact({ name: 'Other Ltd', reference: 'gone' })).toThrow(/already been taken/);
  });

  it('goes on with its ids and numbers, as if it had never stopped', async () => {
    const asked = { contact_type_ids: ['CUSTOMER'], name: 'One more Ltd' };
    const uninterrupted = (await restart()).sage.business();
    const expected = [uninterrupted.addContact(asked), uninterrupted.addContact(asked)];
    await closeAll();
    await rm(stateFile);
    const [first, second] = [
      (await restart()).sage.business().addContact(asked),
      (await restart()).sage.business().addContact(asked),
    ];
    const marks = (contacts: typeof expected) => contacts.map(({ id, number }) => [id, number]);
    expect(marks([first, second])).toEqual(marks(expected));
  });

  it('remembers every business that was looked at, lapsed subscriptions and when they began', async () => {
    const before = (await restart()).sage;
    const other = before.businesses()[1]!;
    before.business(other.id).addContact({ name: 'Of another business' });
    before.business(other.id).setSubscriptionActive(false);
    const told = before.snapshot();

    const after = (await restart()).sage;
    expect(after.records().contacts.map(({ name }) => name)).toContain('Of another business');
    expect(after.snapshot()).toEqual(JSON.parse(JSON.stringify(told)));
  });

  it('lets tokens work on after a restart, and refuses a refresh token used before it', async () => {
    const sandbox = await restart();
    const used = sandbox.sage.issueTokens('owner').refreshToken;
    const fresh = await refreshSage(sandbox, used);

    const restarted = await restart();
    expect((await postContact(restarted, fresh.access, { name: 'By an old token' })).status).toBe(201);
    const next = await refreshSage(restarted, fresh.refresh);
    expect(next.status).toBe(200);
    expect((await refreshSage(await restart(), used)).status).toBe(400);
    // Reuse of an old token ends its grant, restarts or not.
    expect((await refreshSage(running[0]!, next.refresh)).status).toBe(400);
  });

  it('still refuses after a restart whoever was signed out before it', async () => {
    const before = (await restart()).sage;
    const { accessToken, refreshToken } = before.issueTokens('owner');
    before.revokeGrants();
    before.expireAccessTokens();
    const sandbox = await restart();
    expect((await refreshSage(sandbox, refreshToken)).status).toBe(400);
    expect((await postContact(sandbox, accessToken, { name: 'Nobody' })).status).toBe(401);
  });

  it('answers a write repeated after a restart with the first answer', async () => {
    const contact = { name: 'Once Ltd', idempotency_id: 'a'.repeat(32) };
    const sandbox = await restart();
    const token = sandbox.sage.issueTokens('owner').accessToken;
    const first = await postContact(sandbox, token, contact);

    const restarted = await restart();
    expect(await postContact(restarted, token, contact)).toEqual(first);
    const named = restarted.sage.business().contacts();
    expect(named.filter(({ name }) => name === 'Once Ltd')).toHaveLength(1);
  });
});

describe('the state file', () => {
  it.each([
    ['of another seed', { seed: 'other' }],
    ['of another size', { contacts: 6 }],
  ])('%s is not read, and the sandboxes say so in a line', async (_what, other) => {
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const { accessToken } = (await restart()).capsule.issueTokens();
    expect((await capsuleSite(await restart(other), accessToken)).status).toBe(401);
    expect(warned.mock.calls).toEqual([[expect.stringMatching(/^The sandboxes begin afresh: .*\.$/)]]);
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, text.length / 2)],
    ['no state at all', () => 'null'],
    ['one of another version', (text: string) => text.replace('"format":', '"format":9')],
    ['one that lacks a part', (text: string) => text.replace('"businesses":', '"nothing":')],
    ['one that lacks a vendor', (text: string) => text.replace('"capsule":', '"nobody":')],
  ])('%s does not prevent the start', async (_what, spoil) => {
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    (await restart()).sage.business().addContact({ name: 'Lost Ltd' });
    await closeAll();
    await writeFile(stateFile, spoil(await readFile(stateFile, 'utf8')));
    const { sage, capsule } = await restart();
    expect(sage.business().contacts()).toHaveLength(7);
    expect(capsule.parties()).toHaveLength(3);
    expect(warned).toHaveBeenCalledTimes(1);
  });

  it('is kept up to date for a process that is killed', async () => {
    const sandbox = await restart();
    const token = sandbox.sage.issueTokens('owner').accessToken;
    await postContact(sandbox, token, { name: 'Just in time Ltd' });
    await until(async () => (await readFile(stateFile, 'utf8').catch(() => '')).includes('Just in time'));
    const left = join(folder, 'left-behind.json');
    await copyFile(stateFile, left);
    const found = await startSandbox({ contacts: 5, stateFile: left });
    running.push(found);
    expect(
      found.sage
        .business()
        .contacts()
        .map(({ name }) => name),
    ).toContain('Just in time Ltd');
  });

  it('is not asked for where none is wanted', async () => {
    const { sage } = await restart({ stateFile: undefined });
    const snapshot = jest.spyOn(sage, 'snapshot');
    await keepStates(resolveOptions(), { sage })();
    expect(snapshot).not.toHaveBeenCalled();
    await keepStates(resolveOptions({ stateFile }), { sage })();
    expect(snapshot).toHaveBeenCalledTimes(1);
  });
});
