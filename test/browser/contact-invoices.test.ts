import { join } from 'node:path';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { addDays, londonDay } from '../../shared/domain/london-day';
import { launchChromium } from '../support/chromium';
import { addPair, type Pair } from '../support/edits';
import { type SageSandbox } from '../../services/sandbox/sage';
import { until } from '../support/until';
import { type ImportedCompany, importCompany } from '../support/imported';

const TODAY = londonDay(new Date());
/** `PICTURES=1 npm run test:browser` takes those of the documentation anew. */
const PICTURES = process.env.PICTURES === '1' ? join(__dirname, '../../docs/images') : null;

const WIDTHS = { desk: { width: 1180, height: 900 }, phone: { width: 390, height: 844 } };
type Width = keyof typeof WIDTHS;

/** Of a picture; what is below is more of the same. */
const MOST_HIGH = 1800;

/** One company for all: a customer with a year of invoices in two currencies. */
let company: ImportedCompany;
let browser: Browser;
let sage: SageSandbox;
let debtor: Pair;

beforeAll(async () => {
  company = await importCompany(({ sandbox }) => {
    debtor = addPair({ sandbox }, 'Alderton & Sons Ltd', { sage: { reference: 'ALD01' } });
    sage = sandbox.sage;
    fillBooks();
  });
  const path = `/api/contacts/${debtor.partyId}/invoices`;
  await until(async () => {
    const { body } = await company.admin.api<{ asOf: string | null }>('GET', path);
    return body.asOf !== null;
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await company.close();
});

describe.each(['desk', 'phone'] as const)('at the width of a %s', (width) => {
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    context = await signedIn(width);
    page = await context.newPage();
  });
  afterAll(() => context.close());
  beforeEach(async () => {
    sage.faults.clear();
    await page.goto(`${company.gateway.url}/contacts/${debtor.partyId}`);
  });

  test('the page says what is owed, and has room for it', async () => {
    const text = await page.locator('#invoices').innerText();
    for (const part of ['Balance in Sage', 'Overdue', 'Part paid', 'Draft', 'Quotes and estimates', 'EUR'])
      expect(text).toContain(part);
    const { scroll, shown } = await page.evaluate(() => {
      const root = document.documentElement;
      return { scroll: root.scrollWidth, shown: root.clientWidth };
    });
    expect(scroll).toBe(shown);
    await picture(page, width === 'desk' ? 'contact.png' : 'contact-phone.png');
  });

  test('the numbers of the chart open by the keyboard', async () => {
    const months = page.locator('.months').first();
    await months.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await months.locator('tbody tr').count()).toBe(12);
    expect(await months.locator('table').isVisible()).toBe(true);
  });

  test('Refresh brings a new invoice without leaving the page', async () => {
    const number = invoice('80.00', 20).number ?? '';
    expect(await page.locator('#invoices').innerText()).not.toContain(`${number}\n`);
    await page.evaluate(() => document.body.setAttribute('data-same', ''));
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.locator('.documents', { hasText: number }).first().waitFor();
    expect(await page.locator('body[data-same]').count()).toBe(1);
    expect(await page.locator('#said').textContent()).toContain('As of today');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Refresh');
  });

  test('an outage is said, the figures stay, and Refresh ends it', async () => {
    sage.faults.set([{ match: { path: /v3\.1/ }, how: 'status', status: 503 }]);
    await page.getByRole('button', { name: 'Refresh' }).click();
    const said = page.locator('.fresh .note', { hasText: 'Sage unreachable since' });
    await said.waitFor();
    if (width === 'phone') await picture(page, 'contact-outage.png');
    expect(await page.locator('#invoices').innerText()).toContain('Balance in Sage');
    sage.faults.clear();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await said.waitFor({ state: 'detached' });
  });

  test('the PDF of an invoice comes as one', async () => {
    const link = page.getByRole('link', { name: /^PDF/ }).first();
    const href = await link.getAttribute('href');
    const answer = await context.request.get(`${company.gateway.url}${href}`);
    expect(answer.headers()['content-type']).toBe('application/pdf');
    expect((await answer.body()).subarray(0, 4).toString()).toBe('%PDF');
  });
});

test('without JavaScript Refresh is a plain form', async () => {
  const context = await signedIn('desk', false);
  const page = await context.newPage();
  await page.goto(`${company.gateway.url}/contacts/${debtor.partyId}`);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('The figures are those that Sage has now.').waitFor();
  await context.close();
});

test('what is printed are the figures, without buttons and history', async () => {
  const context = await signedIn('desk');
  const page = await context.newPage();
  await page.goto(`${company.gateway.url}/contacts/${debtor.partyId}`);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByText('Balance in Sage').first().isVisible()).toBe(true);
  for (const gone of ['#history', '.fresh button', 'aside'])
    expect(await page.locator(gone).first().isVisible()).toBe(false);
  await context.close();
});

/** Signs in by the pages of both sides, as a person does. */
async function signedIn(width: Width, javaScriptEnabled = true): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: WIDTHS[width], javaScriptEnabled });
  const cookies = await company.admin.jar.getCookies(company.gateway.url);
  await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: company.gateway.url })));
  return context;
}

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  const box = await page.locator('#invoices').boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  const height = Math.min(MOST_HIGH, Math.ceil((box?.y ?? 0) + (box?.height ?? 0) + 16));
  await page.screenshot({ path: join(PICTURES, name), fullPage: true, clip: { x: 0, y: 0, width, height } });
}

function invoice(net: string, dueIn: number, more: object = {}) {
  return sage.business().addDocument('sales_invoice', {
    ...{ contact_id: debtor.sageId, date: addDays(TODAY, dueIn - 30), due_date: addDays(TODAY, dueIn) },
    invoice_lines: [{ description: 'Labour', quantity: 1, unit_price: net }],
    ...more,
  });
}

function fillBooks(): void {
  const book = sage.business();
  const contact_id = debtor.sageId;
  const line = (net: string) => [{ description: 'Labour', quantity: 1, unit_price: net }];
  for (const [at, net] of ['640.00', '980.00', '410.00', '1250.00', '760.00', '330.00', '890.00'].entries()) {
    const paid = invoice(net, -40 - at * 42);
    book.recordPayment(paid.id, paid.total);
  }
  invoice('1125.00', -12, { reference: 'PO 4471' });
  book.recordPayment(invoice('860.00', 9).id, 40_000);
  invoice('215.50', 24);
  invoice('1400.00', 30, { status_id: 'DRAFT' });
  invoice('320.00', 18, { currency_id: 'EUR' });
  book.addDocument('sales_credit_note', {
    ...{ contact_id, date: addDays(TODAY, -5), credit_note_lines: line('75.00') },
  });
  book.addDocument('sales_quote', {
    ...{
      contact_id,
      date: addDays(TODAY, -2),
      expiry_date: addDays(TODAY, 28),
      quote_lines: line('2400.00'),
    },
  });
  book.addDocument('sales_quick_entry', {
    ...{ contact_id, date: addDays(TODAY, -90), details: 'Opening balance', net_amount: '60.00' },
  });
}
