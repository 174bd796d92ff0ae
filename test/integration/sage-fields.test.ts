import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../activities';
import { reckonStale } from '../../activities/reckon-figures';
import { activitySettings } from '../../services/worker/worker';
import { addDays, londonDay } from '../../shared/domain/london-day';
import { tenantSyncWorkflowId } from '../../shared/ids';
import { createSchedules } from '../../shared/temporal/schedules';
import { type tenantSyncWorkflow } from '../../workflows';
import { connectCompany, type Company } from '../support/company';
import { fieldsOf } from '../support/record-fields';
import { until } from '../support/until';
import { startWorker, type TestWorker } from '../support/worker';

/** The fields of figures in accounts that are not as one would wish, and the turn of the day. */
let company: Company;
let worker: TestWorker;
let sageId: string;
let partyId: number;

const today = londonDay(new Date());
const store = () => company.core.store;
const account = () => company.sandbox.capsule.account;
const fields = () => fieldsOf(company.sandbox, partyId);
const activities = () =>
  createActivities({
    ...{ ...company.core, log: company.log, schedules: createSchedules(worker.client, worker.taskQueue) },
    ...activitySettings(company.config),
  });
const run = <R>(activity: () => Promise<R>): Promise<R> => new MockActivityEnvironment().run(activity);
const write = () => run(() => activities().writeFigures({ tenantId: company.tenantId }));
const websites = () =>
  account()
    .parties.get(partyId)
    ?.websites.map(({ address }) => address);

beforeEach(async () => {
  company = await connectCompany({ sandbox: { contacts: 0, parties: 0 } });
  const { capsule, sage } = company.sandbox;
  partyId = capsule.addParty({ type: 'organisation', name: 'Yew Ltd' }).id;
  const book = sage.business();
  sageId = book.addContact({ name: 'Yew Ltd' }).id;
  book.addDocument('sales_invoice', {
    ...{ contact_id: sageId, date: addDays(today, -30), due_date: addDays(today, -1) },
    invoice_lines: [{ description: 'Labour', quantity: 1, unit_price: '100.00' }],
  });
  worker = await startWorker(company);
  await worker.runImport();
  await run(() => activities().mirrorDocuments({ tenantId: company.tenantId, mode: 'all' }));
});

afterEach(async () => {
  await worker.close();
  await company.close();
});

test('where the account allows no fields, people are told why, and a website row leads to the page', async () => {
  account().quirks.customFieldLimit = account().definitions.size;
  await write();
  const { problems } = (await store().tenants.find(company.tenantId))!;
  expect(problems).toMatchObject([
    { code: 'figure-fields', message: expect.stringContaining('custom field limit reached') as string },
  ]);
  expect(websites()).toEqual([`${company.config.publicUrl}/s/${sageId}`]);
  await store().tenants.saveSettings(company.tenantId, {
    ...(await store().tenants.find(company.tenantId))!.settings,
    invoiceFields: false,
  });
  await write();
  expect(websites()).toEqual([]);
  expect((await store().tenants.find(company.tenantId))?.problems).toEqual([]);
});

test('R24 what was owed in another business goes from the records', async () => {
  await write();
  expect(fields()).toMatchObject({ balance: '£120.00', tagged: true });
  await run(() => activities().startAfresh(company.tenantId));
  await write();
  expect(fields()).toMatchObject({ balance: '', overdue: '', tagged: false });
  expect(await store().figures.anyPending(company.tenantId)).toBe(false);
});

test('a second writing, and one after a crash, write nothing anew; fields that were deleted are made again', async () => {
  await write();
  expect(fields()).toMatchObject({ balance: '£120.00', overdue: '£120.00', tagged: true });
  const requests = company.sandbox.capsule.requests;
  await store().figures.want(company.tenantId, [sageId]);
  requests.clear();
  await write();
  expect(requests.total).toBe(0);

  for (const definition of [...account().definitions.values()].filter(({ name }) => name === 'Sage balance'))
    account().definitions.delete(definition.id);
  company.sandbox.sage
    .business()
    .recordPayment(company.sandbox.sage.business().documents(sageId)[0]!.id, 2_000);
  await run(() => activities().mirrorDocuments({ tenantId: company.tenantId, mode: 'sweep' }));
  while ((await write()).more);
  expect(fields()).toMatchObject({ balance: '£100.00', overdue: '£100.00' });
  expect(await store().failures.count(company.tenantId)).toBe(0);
});

test('at the end of the day what falls due is overdue, and its record says so', async () => {
  // As the figures were yesterday.
  await store().figures.markStale(company.tenantId, [sageId]);
  await reckonStale(store(), company.tenantId, addDays(today, -1));
  await write();
  expect(fields()).toMatchObject({ balance: '£120.00', overdue: '£0.00' });
  await store().tenants.setPhase(company.tenantId, 'active');
  await worker.client.workflow.start<typeof tenantSyncWorkflow>('tenantSyncWorkflow', {
    ...{ taskQueue: worker.taskQueue, workflowId: tenantSyncWorkflowId(company.tenantId) },
    args: [{ tenantId: company.tenantId, dayMs: 500 }],
  });
  await until(() => fields().overdue === '£120.00');
  await company.disconnect();
  await worker.cancelTenantSync();
  await worker.record('tenant-end-of-day');
});
