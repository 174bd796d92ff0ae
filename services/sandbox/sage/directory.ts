import { random } from '../kernel/random';
import { type Clock } from '../kernel/clock';
import { type DemoCompany, makeDemoCompany } from '../demo';
import { Books, type BooksState } from './books/books';
import { fillBooks } from './books/seed';
import { type ListOrder } from './books/table';

export interface Subscription {
  id: string;
  displayed_as: string;
  active: boolean;
  status: string;
}

/** A business and, once somebody looks, its books. */
export interface Business {
  id: string;
  name: string;
  countryId: 'GB' | 'IE';
  city: string;
  subscription: Subscription;
  createdAt: number;
  books(): Books;
  /** Whether `books` has been called. */
  opened(): boolean;
  /** POSTs of contacts under way, and the most at one time: Sage wants one (reference §4, A). */
  contactPosts: { running: number; most: number };
  snapshot(): BusinessState;
  /** To be called before `books`. */
  restore(state: BusinessState): void;
}

/** What outlives a restart; of a business whose books nobody has opened, no books. */
export interface BusinessState {
  id: string;
  createdAt: number;
  subscription: Pick<Subscription, 'active' | 'status'>;
  books: BooksState | null;
}

/** What a role may do with contacts and documents (reference §2 "Roles"). */
export type Role = 'full' | 'sales';

export interface User {
  id: string;
  login: string;
  firstName: string;
  lastName: string;
  countryId: 'GB' | 'IE';
  role: Role;
  /** In the order of `/businesses`. */
  businessIds: string[];
  /** Used where X-Business is left out. */
  leadId: string | null;
  hint: string;
}

export interface Directory {
  businesses: Business[];
  users: User[];
  /** Id of the business that holds the demo company. */
  demo: string;
  business(id: string): Business | undefined;
  user(id: string): User | undefined;
}

export interface DirectoryOptions {
  seed: string;
  invoices: boolean | number;
  listOrder: ListOrder;
  clock: Clock;
}

const ACTIVE = ['ACCOUNTING', 'Accounting', true, 'paying'] as const;
const CLIENTS = 45;

/** Everybody who can sign in, and everything they can reach. */
export function createDirectory(options: DirectoryOptions, company: DemoCompany): Directory {
  const ids = random(`sage directory ${options.seed}`);
  const businesses: Business[] = [];
  const found = (
    name: string,
    city: string,
    subscription: readonly [string, string, boolean, string] = ACTIVE,
    countryId: Business['countryId'] = 'GB',
    contacts: DemoCompany | number = 12,
  ): string => {
    const business = createBusiness(
      { id: ids.hex(32), name, city, subscription, countryId },
      contacts,
      options,
      businesses.length,
    );
    businesses.push(business);
    return business.id;
  };
  const demo = found('Thames & Severn Trading Ltd', 'Lechlade', ACTIVE, 'GB', company);
  const shop = found('Cotswold Farm Shop', 'Stroud', ['START', 'Accounting Start', true, 'paying']);
  const irish = found('Liffey Valley Supplies Ltd', 'Dublin', ACTIVE, 'IE', 8);
  const payroll = found('Severn Payroll Bureau', 'Gloucester', ['PAYROLL', 'Payroll', true, 'paying']);
  const lapsed = found('Old Wharf Chandlery', 'Bristol', ['ACCOUNTING', 'Accounting', false, 'cancelled']);
  const clients = Array.from({ length: CLIENTS }, (_, nth) =>
    found(clientName(nth), 'Swindon', ...client(nth)),
  );
  const users = [
    // The lead business is not the demo's, so that whoever forgets X-Business reads the wrong books.
    user('owner', 'Olivia Thorne', [demo, shop, irish, payroll, lapsed], shop, 'five businesses'),
    user('single', 'Simon Vale', [demo], demo, 'the demo business only'),
    user('irish', 'Isolde Byrne', [irish], irish, 'an Irish business only', { countryId: 'IE' }),
    user('payroll', 'Peter Lyle', [payroll], payroll, 'Payroll only'),
    user('nobody', 'Nora Blank', [], null, 'no business'),
    user('accountant', 'Asha Mehta', clients, clients[0] ?? null, `${CLIENTS} businesses of clients`),
    user('clerk', 'Colin Hart', [demo], demo, 'the demo business, may only look', { role: 'sales' }),
  ];
  const byId = new Map(businesses.map((business) => [business.id, business]));
  return {
    businesses,
    users,
    demo,
    business: (id) => byId.get(id),
    user: (login) => users.find((one) => one.login === login),
  };

  function user(
    login: string,
    name: string,
    businessIds: string[],
    leadId: string | null,
    hint: string,
    special: Partial<Pick<User, 'countryId' | 'role'>> = {},
  ): User {
    const [firstName = '', lastName = ''] = name.split(' ');
    const own = { id: ids.hex(32), login, firstName, lastName, businessIds, leadId, hint };
    return { ...own, countryId: 'GB', role: 'full', ...special };
  }
}

/** Clients of an accountant: several of one name, one abroad, one without Accounting, one lapsed. */
const clientName = (nth: number): string =>
  nth % 9 === 4 ? 'J Smith' : `Client ${String(nth + 1).padStart(2, '0')} Ltd`;

function client(nth: number): [Subscription4?, Business['countryId']?, number?] {
  if (nth === 7) return [ACTIVE, 'IE', 3];
  if (nth === 11) return [['PAYROLL', 'Payroll', true, 'paying'], 'GB', 0];
  if (nth === 19) return [['ACCOUNTING', 'Accounting', false, 'cancelled'], 'GB', 3];
  return [ACTIVE, 'GB', 3];
}

type Subscription4 = readonly [string, string, boolean, string];

function createBusiness(
  own: {
    id: string;
    name: string;
    city: string;
    subscription: Subscription4;
    countryId: Business['countryId'];
  },
  contacts: DemoCompany | number,
  { seed, invoices, listOrder, clock }: DirectoryOptions,
  nth: number,
): Business {
  const [id, displayed_as, active, status] = own.subscription;
  let books: Books | undefined;
  const empty = (): Books => new Books(clock, `${seed} ${own.id}`, listOrder, 145_000_000 + nth * 1_000_000);
  const open = (): Books => {
    const company = typeof contacts === 'number' ? small(contacts) : contacts;
    const fresh = empty();
    fillBooks(fresh, company);
    return fresh;
  };
  const small = (count: number): DemoCompany =>
    makeDemoCompany({
      seed: own.id,
      contacts: count,
      parties: 0,
      overlap: 'none',
      invoices,
      now: clock.now(),
    });
  const business: Business = {
    ...own,
    subscription: { id, displayed_as, active, status },
    createdAt: Math.floor(clock.now() / 1000) * 1000 - 3000 * 86_400_000,
    books: () => (books ??= open()),
    opened: () => books !== undefined,
    contactPosts: { running: 0, most: 0 },
    snapshot: () => ({
      id: business.id,
      createdAt: business.createdAt,
      subscription: { active: business.subscription.active, status: business.subscription.status },
      books: books?.snapshot() ?? null,
    }),
    restore: (state) => {
      business.createdAt = state.createdAt;
      Object.assign(business.subscription, state.subscription);
      if (!state.books) return;
      books = empty();
      books.restore(state.books);
    },
  };
  return business;
}
