import { type Run } from '../../services/gateway/api/runs-schemas';
import { type ImportedCompany, importCompany } from '../support/imported';

interface Details extends Run {
  contacts: { items: { name: string; action: string; partyId: number | null }[]; nextCursor: string | null };
}

describe('runs by the API', () => {
  let company: ImportedCompany;
  let at: Date;
  const get = <T>(path: string) => company.admin.api<T>('GET', path);

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      sandbox.capsule.addParty({ type: 'organisation', name: 'Known Ltd' });
      sandbox.sage.business().addContact({ name: 'Known Ltd' });
      sandbox.sage.business().addContact({ name: 'Fresh Ltd' });
    });
    at = new Date();
    const { runs, journal } = company.gateway.services.store;
    await runs.start(company.tenantId, 'pass-900', 'incremental', at);
    await runs.add(company.tenantId, 'pass-900', 'sage', { updated: 3 });
    await runs.finish(company.tenantId, 'pass-900', 'complete', at);
    await journal.write(
      company.tenantId,
      [1, 2, 3].map((number) => ({
        ...{ key: `k${number}`, at: new Date(at.getTime() + number), run: 'pass-900', side: 'sage' as const },
        ...{
          action: 'updated' as const,
          sageContactId: `s${number}`,
          partyId: null,
          why: 'edited in Capsule',
        },
        fields: [{ field: 'email' as const, before: 'a@x.test', after: 'b@x.test' }],
      })),
    );
  });
  afterAll(() => company.close());

  test('the list holds what ran, newest first, with figures of each side', async () => {
    const { body } = await get<{ items: Run[] }>('/api/runs');
    const ids = body.items.map(({ id }) => id);
    expect(ids.indexOf('pass-900')).toBeLessThan(ids.indexOf('import-1'));
    expect(body.items.find(({ id }) => id === 'import-1')).toMatchObject({
      ...{ kind: 'import', outcome: 'complete', counts: { capsule: { linked: 1, created: 1 } } },
    });
  });

  test('the list goes on by cursor', async () => {
    const first = await get<{ items: Run[]; nextCursor: string }>('/api/runs?limit=1');
    const second = await get<{ items: Run[] }>(
      `/api/runs?limit=1&cursor=${encodeURIComponent(first.body.nextCursor)}`,
    );
    expect(second.body.items[0]?.id).not.toBe(first.body.items[0]?.id);
  });

  test('an import drills down to whom it linked and created, by name', async () => {
    const { body } = await get<Details>('/api/runs/import-1');
    expect(body.contacts.items).toMatchObject([
      { name: 'Fresh Ltd', action: 'created' },
      { name: 'Known Ltd', action: 'linked' },
    ]);
    const page = await get<Details>('/api/runs/import-1?limit=1');
    const cursor = encodeURIComponent(page.body.contacts.nextCursor ?? '');
    const rest = await get<Details>(`/api/runs/import-1?limit=1&cursor=${cursor}`);
    expect(rest.body.contacts.items).toMatchObject([{ name: 'Known Ltd' }]);
  });

  test('a pass drills down to its journal, newest first, with the values', async () => {
    const { body } = await get<Details>('/api/runs/pass-900?limit=2');
    expect(body.contacts.items).toHaveLength(2);
    expect(body.contacts.items[0]).toMatchObject({
      ...{ sageContactId: 's3', action: 'updated', why: 'edited in Capsule' },
      fields: [{ field: 'email', before: 'a@x.test', after: 'b@x.test' }],
    });
    const page = await company.admin.get('/runs/pass-900');
    for (const text of ['Pass over what changed', 'Edited in Capsule.', 'b@x.test'])
      expect(page.text).toContain(text);
  });

  test('the page of the runs says what each did', async () => {
    const { text } = await company.admin.get('/runs');
    for (const part of ['1 linked, 1 created', '3 updated', 'Complete']) expect(text).toContain(part);
  });

  test('another tenant’s run, and one that never was, do not exist', async () => {
    await company.gateway.services.store.runs.start('other', 'pass-7', 'sweep', at);
    for (const id of ['pass-7', 'never']) {
      expect(await get(`/api/runs/${id}`)).toMatchObject({ status: 404 });
      expect((await company.admin.get(`/runs/${id}`)).status).toBe(404);
    }
    expect(await get('/api/runs?cursor=odd')).toMatchObject({ status: 422 });
    expect(await get('/api/runs/a%20b')).toMatchObject({ status: 422 });
  });
});
