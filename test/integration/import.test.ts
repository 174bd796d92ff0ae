import { type Company, connectCompany } from '../support/company';
import { startWorker, type TestWorker } from '../support/worker';

describe('the import of the demo company', () => {
  let company: Company;
  let worker: TestWorker;

  beforeAll(async () => {
    company = await connectCompany();
    worker = await startWorker(company);
  });
  afterAll(async () => {
    await worker.close();
    await company.close();
  });

  it('accounts for every Sage contact', async () => {
    const counts = await worker.runImport();
    console.log(counts);
    expect(counts.done).toBe(counts.total);
    expect(counts.total).toBe(company.sandbox.sage.business().contacts().length);
  });
});
