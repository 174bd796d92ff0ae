import { tenantSyncWorkflowId } from '../../shared/ids';
import { addingTo } from '../support/adding';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

interface State {
  id: string;
  state: string;
  status: number | null;
  result: Record<string, unknown> | null;
  problem: Record<string, unknown> | null;
}

/** Longer than an answer is waited for below. */
const SLOW_MS = 2_000;
const PATIENCE_MS = 500;

test('R15 commands of every kind are answered by one workflow', async () => {
  const linked = { partyId: 0, sageId: '' };
  const company = await importCompany(({ sandbox }) => {
    linked.partyId = sandbox.capsule.addParty({ type: 'organisation', name: 'Linked Ltd' }).id;
    linked.sageId = sandbox.sage.business().addContact({ name: 'Linked Ltd' }).id;
  });
  const { organisation, add, unlink, tag, tagsOf, links } = addingTo(() => company);
  const statusOf = async (answer: Promise<{ status: number }>) => (await answer).status;
  const [fresh, tagged] = [organisation('Fresh Ltd'), organisation('Tagged Ltd')];
  expect(await statusOf(add(fresh))).toBe(201);
  tag(tagged);
  await until(async () => !tagsOf(tagged).includes('Add to Sage') && (await links(tagged)).length === 1);
  expect(await statusOf(unlink(linked.partyId))).toBe(200);
  expect(await statusOf(add(linked.partyId, { linkTo: linked.sageId }))).toBe(201);
  expect(await statusOf(company.admin.api('POST', `/api/contacts/${fresh}/push`))).toBe(200);
  expect(await statusOf(company.admin.api('POST', '/api/failures/retry', {}))).toBe(202);
  expect(await statusOf(add(999_999_999))).toBe(404);
  await company.worker.record('tenant-commands');
  await company.close();
});

describe('a command whose answer was a 504', () => {
  let company: ImportedCompany;
  const { organisation, add, inSage, business } = addingTo(() => company);
  const look = async (id: string, browser = company.admin) => {
    const { status, body } = await browser.api<State>('GET', `/api/commands/${encodeURIComponent(id)}`);
    return { status, body };
  };
  const ends = async (id: string): Promise<State> => {
    company.gateway.sandbox.capsule.conditions.latencyMs = 0;
    await until(async () => (await look(id)).body.state !== 'running');
    return (await look(id)).body;
  };
  /** Asks in vain: the answer comes too late. @returns the command's id */
  async function slowly(partyId: number, body?: object): Promise<string> {
    const sandbox = company.gateway.sandbox.capsule;
    sandbox.conditions.latencyMs = SLOW_MS;
    company.gateway.waitsAtMost(PATIENCE_MS);
    const { status, body: problem } = await add(partyId, body);
    expect(status).toBe(504);
    return (problem as unknown as { commandId: string }).commandId;
  }

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      sandbox.sage.business().addContact({ name: 'Somebody Ltd' });
    });
  });
  afterEach(() => {
    company.gateway.sandbox.capsule.conditions.latencyMs = 0;
    company.gateway.waitsAtMost(10_000);
  });
  afterAll(() => company.close());

  test('goes on, and tells what its route would have answered, also after the workflow’s end', async () => {
    const partyId = organisation('Slow Ltd');
    const id = await slowly(partyId);
    expect(await look(id)).toEqual({
      ...{ status: 200, body: { id, state: 'running', status: null, result: null, problem: null } },
    });
    const done = await ends(id);
    const sageContactId = inSage('Slow Ltd')[0]?.id;
    expect(done).toMatchObject({
      state: 'done',
      status: 201,
      result: { sageContactId, partyId },
      problem: null,
    });

    const other = company.gateway.browser();
    expect((await look(id, other)).status).toBe(401);

    const handle = company.worker.client.workflow.getHandle(tenantSyncWorkflowId(company.tenantId));
    await handle.terminate('a new run follows');
    await company.gateway.services.temporal.startTenantSync(company.tenantId);
    expect((await look(id)).body).toEqual(done);
  });

  test('tells the problem that its route would have told', async () => {
    business().addContact({ name: 'Rival Ltd' });
    const id = await slowly(organisation('Rival Ltd'));
    expect(await ends(id)).toMatchObject({
      ...{ state: 'failed', status: 409, result: null },
      problem: { status: 409, code: 'candidates', candidates: [{ name: 'Rival Ltd' }] },
    });
  });

  test.each([
    'nonsense',
    'addToSageUpdate-00000000-0000-4000-8000-000000000000.00000000-0000-4000-8000-000000000000',
  ])('%s was never given', async (id) => {
    expect((await look(id)).status).toBe(404);
  });

  test('of another tenant it does not exist', async () => {
    const { temporal } = company.gateway.services;
    const answer = await temporal.command<unknown>(company.tenantId, 'pushUpdate', { partyId: 1 }, 5_000);
    expect(answer.state).toBe('done');
    const id = await slowly(organisation('Mine Ltd'));
    expect((await temporal.commandState('other', id, 500)).answer).toEqual({ state: 'absent' });
    await ends(id);
  });
});
