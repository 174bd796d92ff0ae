import { type Counted, type CurrencyTotals, sumUp, totalsOf } from '../../shared/domain/invoice-totals';
import { type DocumentKind, documentKindsOf, isQuote, type SageDocument } from '../../shared/domain/invoices';
import { add } from '../../shared/domain/money';
import { londonDay } from '../../shared/domain/london-day';
import { type ContactKind } from '../../shared/domain/types';
import { type ContactFigures } from '../../shared/store/figures';
import { type Link } from '../../shared/store/links';
import { type Page } from '../../shared/store/page';
import { type Tenant } from '../../shared/store/tenants';
import { type Subject } from './contact-subject';
import { ALL_LISTS, asOfOf, type Freshness, reachOf } from './freshness';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** What a contact owes as a customer, or is owed as a supplier. */
export interface Ledger {
  kind: ContactKind;
  sageContactId: string;
  /** Pounds first; sales and purchases are never one sum. */
  totals: CurrencyTotals[];
  /** As Sage itself tells it; minor units of the base currency, as the next. */
  balance: number;
  /** What the documents do not explain of it: quick entries, opening balance, payments on account. */
  otherItems: number;
  /** Invoices and credit notes, latest first. */
  documents: Page<SageDocument>;
  /** Quotes and estimates, latest first. */
  quotes: Page<SageDocument>;
}

/** The documents of a contact, or of the organisation that it belongs to. */
export interface LedgersView {
  /** Whose they are. */
  partyId: number;
  /** Set where they are the organisation's of a person. */
  organisation: { id: number; name: string } | null;
  ledgers: Ledger[];
  /** A supplier's figures are not for this viewer (R31). */
  withheld: boolean;
  freshness: Freshness;
  /** The day in London. */
  today: string;
}

/** Which part of a list is shown: its first, or the one behind a position. */
export interface ListPosition {
  list: 'sales' | 'purchases' | 'quotes';
  after: string;
}

/** Documents of a page. */
const LIMIT = 25;

/** Whose documents a viewer gets to see of a contact (R31): those of its links, or of its organisation's. */
export function ledgerLinks(subject: Subject, who: SignedIn) {
  const { tenant, live, organisation } = subject;
  const borrowed = live.length === 0 && organisation !== null && organisation.links.length > 0;
  const links = borrowed ? organisation.links : live;
  const seen = links.filter(({ kind }) => kind === 'CUSTOMER' || showsSuppliers(tenant, who));
  return {
    partyId: borrowed ? organisation.id : subject.partyId,
    organisation: borrowed ? { id: organisation.id, name: organisation.name } : null,
    links: seen.sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    withheld: seen.length < links.length,
  };
}

/** For the page: a part of each list, and totals of all. */
export async function readLedgers(
  services: Services,
  who: SignedIn,
  subject: Subject,
  position: ListPosition | null,
): Promise<LedgersView> {
  const { store, now } = services;
  const { links, ...shown } = ledgerLinks(subject, who);
  const today = londonDay(now());
  const [{ freshness, figuresOf }, ledgers] = await Promise.all([
    readState(services, who.tenantId, subject.tenant, links),
    Promise.all(
      links.map(async ({ sageContactId, kind }) => {
        const [documentKinds, quoteKinds] = kindsOf(kind);
        const page = (list: ListPosition['list'], kinds: readonly DocumentKind[]) =>
          store.invoices.page(who.tenantId, sageContactId, kinds, {
            after: position?.list === list ? position.after : null,
            limit: LIMIT,
          });
        const [counted, documents] = await Promise.all([
          store.invoices.counted(who.tenantId, sageContactId),
          page(kind === 'CUSTOMER' ? 'sales' : 'purchases', documentKinds),
        ]);
        const offers = counted.some((one) => isQuote(one.kind));
        const quotes = offers ? await page('quotes', quoteKinds) : NOTHING;
        return { kind, sageContactId, counted, documents, quotes };
      }),
    ),
  ]);
  return {
    ...{ ...shown, freshness, today },
    ledgers: ledgers.map(({ counted, ...ledger }) => ({
      ...ledger,
      ...sumsOf(counted, figuresOf.get(ledger.sageContactId), today),
    })),
  };
}

/** For the API: everything. */
export async function readWholeLedgers(
  services: Services,
  who: SignedIn,
  subject: Subject,
): Promise<LedgersView> {
  const { links, ...shown } = ledgerLinks(subject, who);
  const today = londonDay(services.now());
  const ids = links.map(({ sageContactId }) => sageContactId);
  const [{ freshness, figuresOf }, documents] = await Promise.all([
    readState(services, who.tenantId, subject.tenant, links),
    ids.length > 0 ? services.store.invoices.ofContacts(who.tenantId, ids) : [],
  ]);
  const ledgers = links.map(({ sageContactId, kind }): Ledger => {
    const own = documents.filter(({ contactId }) => contactId === sageContactId);
    return {
      ...{ kind, sageContactId },
      ...sumsOf(own, figuresOf.get(sageContactId), today),
      documents: { items: own.filter((one) => !isQuote(one.kind)), nextCursor: null },
      quotes: { items: own.filter((one) => isQuote(one.kind)), nextCursor: null },
    };
  });
  return { ...shown, ledgers, freshness, today };
}

/** R31: administrators see suppliers' figures; everybody does where the settings say so. */
const showsSuppliers = (tenant: Tenant | null, { administrator }: SignedIn): boolean =>
  tenant !== null &&
  !tenant.settings.excludeSuppliers &&
  (administrator || tenant.settings.supplierFiguresForAll);

async function readState(
  { store, now, config }: Services,
  tenantId: string,
  tenant: Tenant | null,
  links: readonly Link[],
) {
  const ids = links.map(({ sageContactId }) => sageContactId);
  const [figures, readTimes] = await Promise.all([
    ids.length > 0 ? store.figures.get(tenantId, ids) : [],
    store.documentLists.readTimes(tenantId, ALL_LISTS),
  ]);
  const figuresOf = new Map(figures.map((one) => [one.sageContactId, one]));
  const contacts = links.map(({ kind, sageContactId }) => ({
    kind,
    askedAt: figuresOf.get(sageContactId)?.askedAt ?? null,
  }));
  const reach = tenant
    ? reachOf(tenant, readTimes, now(), config.syncIntervalMs)
    : { reachable: false, unreachableSince: null };
  const freshness: Freshness = { asOf: asOfOf(contacts, readTimes), ...reach };
  return { freshness, figuresOf };
}

/** What the balance held beside the documents when it was read counts until it is read again. */
function sumsOf(
  documents: readonly Counted[],
  figures: ContactFigures | undefined,
  today: string,
): Pick<Ledger, 'totals' | 'balance' | 'otherItems'> {
  const otherItems = figures?.otherItems ?? 0;
  const balance = add(sumUp(documents, today).explained, otherItems);
  return { totals: totalsOf(documents, today), balance, otherItems };
}

function kindsOf(kind: ContactKind): [documents: DocumentKind[], quotes: DocumentKind[]] {
  const all = documentKindsOf(kind);
  return [all.filter((one) => !isQuote(one)), all.filter(isQuote)];
}

const NOTHING: Page<SageDocument> = { items: [], nextCursor: null };
