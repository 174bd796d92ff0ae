import { request } from 'undici';
import { type Db, MongoClient } from 'mongodb';

/**
 * The floor of a first mirror: a plain script that lists all documents, the kinds side by side, and bulk-stores them
 * with the same indexes. No figures, no comparing, no memory of where it is.
 *
 * Input: one JSON argument {@link MirrorFloorInput}. Output: one JSON line `{ms, documents}`.
 */

export interface MirrorFloorInput {
  sageApi: string;
  sageToken: string;
  businessId: string;
  mongoUri: string;
  database: string;
}

type Row = Record<string, unknown> & { id: string };

const BULK = 500;
const COMMON = 'contact,contact_name,date,reference,currency,total_amount,status,links,created_at,updated_at';
const POSTED = `${COMMON},outstanding_amount,base_currency_outstanding_amount`;
const LISTS: Record<string, string> = {
  sales_invoices: `${POSTED},due_date`,
  sales_credit_notes: POSTED,
  sales_quotes: `${COMMON},expiry_date`,
  sales_estimates: `${COMMON},expiry_date`,
  purchase_invoices: `${POSTED},due_date,vendor_reference`,
  purchase_credit_notes: `${POSTED},vendor_reference`,
};

async function main(input: MirrorFloorInput): Promise<{ ms: number; documents: number }> {
  const client = await MongoClient.connect(input.mongoUri);
  const db = client.db(input.database);
  await db.collection('invoices').createIndex({ tenant: 1, contactId: 1, date: -1 });
  await db.collection('invoices').createIndex({ tenant: 1, kind: 1, open: 1 });
  const started = performance.now();
  const counts = await Promise.all(Object.keys(LISTS).map((path) => mirror(input, db, path)));
  const ms = performance.now() - started;
  await client.close();
  return { ms, documents: counts.reduce((sum, count) => sum + count, 0) };
}

async function mirror(input: MirrorFloorInput, db: Db, path: string): Promise<number> {
  let rows: Row[] = [];
  let count = 0;
  for (let page = 1; ; page += 1) {
    const sort = path === 'sales_estimates' ? '' : '&sort=created_at:asc';
    const url = `${input.sageApi}/${path}?page=${page}&items_per_page=200&attributes=${LISTS[path]}${sort}`;
    const answer = await request(url, {
      headers: { authorization: `Bearer ${input.sageToken}`, 'x-business': input.businessId },
    });
    const body = (await answer.body.json()) as { $items: Row[]; $total: number; $next: string | null };
    rows.push(...body.$items);
    count += body.$items.length;
    const last = body.$next == null || count >= body.$total;
    if (rows.length >= BULK || last) {
      if (rows.length > 0)
        await db.collection('invoices').insertMany(rows.map((row) => document(path, row)) as never[]);
      rows = [];
    }
    if (last) return count;
  }
}

const idOf = (value: unknown): string => (value as Row | null)?.id ?? '';

const document = (path: string, row: Row) => ({
  ...{
    _id: `t/${row.id}`,
    tenant: 't',
    kind: path,
    seen: 1,
    open: Number(row.outstanding_amount ?? 0) !== 0,
  },
  ...{ id: row.id, contactId: idOf(row.contact), contactName: row.contact_name, number: row.displayed_as },
  ...{ reference: row.reference, date: row.date, dueDate: row.due_date ?? row.expiry_date ?? '' },
  ...{ currency: idOf(row.currency), total: row.total_amount, outstanding: row.outstanding_amount ?? '' },
  ...{ baseOutstanding: row.base_currency_outstanding_amount ?? '', sageStatus: idOf(row.status) },
  ...{ createdAt: row.created_at, updatedAt: row.updated_at },
  url: (row.links as { rel: string; href: string }[]).find(({ rel }) => rel === 'alternate')?.href ?? '',
});

void main(JSON.parse(process.argv[2] ?? '{}') as MirrorFloorInput).then((result) => {
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
