import { type VNode } from 'preact';
import { plural } from './format';
import { html } from './html';
import { Icon } from './icons';
import { FlashNote, Layout } from './layout';
import { type BusinessChoice, type BusinessesModel } from './models';

/** With more businesses than this, only names are known and a search field is shown (R4). */
const SEARCH_FROM = 20;

/** Lets the administrator pick one of several Sage businesses (R4), or confirm another one (R24). */
export function renderBusinesses(model: BusinessesModel): string {
  const { viewer, tenant, flash, confirmation } = model;
  return html(
    <Layout title="Choose a Sage business" look="narrow" viewer={viewer} tenant={tenant}>
      <FlashNote flash={flash} />
      {confirmation ? <Confirm {...confirmation} /> : <Choose {...model} />}
    </Layout>,
  );
}

function Choose({ businesses, query, tenant }: BusinessesModel): VNode {
  const open = businesses.filter(({ eligible }) => eligible !== false);
  const closed = businesses.filter(({ eligible }) => eligible === false);
  const searchable = businesses.length > SEARCH_FROM;
  return (
    <section class="card">
      <h1>Which Sage business goes with {tenant.siteName}?</h1>
      <p class="lead">
        Your Sage sign-in opens {plural(businesses.length, 'business', 'businesses')}. A Capsule account is
        connected to exactly one of them.
      </p>
      {searchable && <Search query={query} />}
      {open.length > 0 ? (
        <Eligible businesses={open} query={searchable ? query : ''} namesOnly={searchable} />
      ) : (
        <p class="note">
          <Icon name="info" />
          <span>None of them can be connected. The reasons are below.</span>
        </p>
      )}
      {closed.length > 0 && <Ineligible businesses={closed} />}
      <p>
        <a href="/">Back without connecting</a>
      </p>
    </section>
  );
}

function Search({ query }: { query: string }): VNode {
  return (
    <form class="search" method="get" action="/businesses" role="search" data-filter="businesses">
      <label for="q">Find a business by name</label>
      <div class="field">
        <input id="q" name="q" type="search" value={query} autoComplete="off" />
        <button class="button quiet">Search</button>
      </div>
    </form>
  );
}

/** Names that do not match stay in the page, hidden, so that app.js can filter without asking again. */
function Eligible(props: { businesses: BusinessChoice[]; query: string; namesOnly: boolean }): VNode {
  const { businesses, query, namesOnly } = props;
  const wanted = query.trim().toLowerCase();
  const matches = businesses.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <form method="post" action="/businesses">
      <fieldset class="choices" id="businesses">
        <legend>{namesOnly ? 'Businesses' : 'Businesses that can be connected'}</legend>
        {businesses.map((business) => (
          <label class="choice" key={business.id} hidden={!matches.includes(business)}>
            <input
              type="radio"
              name="businessId"
              value={business.id}
              required
              checked={businesses.length === 1}
            />
            <span data-name>{business.name}</span>
            {business.country && <span class="muted">{business.country}</span>}
          </label>
        ))}
        <p class="muted" data-empty hidden={matches.length > 0}>
          No business has that in its name.
        </p>
      </fieldset>
      {namesOnly && (
        <p class="muted">
          The one you choose is checked first: it must be in the United Kingdom and use Accounting.
        </p>
      )}
      <p class="actions">
        <button class="button big">Connect this business</button>
      </p>
    </form>
  );
}

function Ineligible({ businesses }: { businesses: BusinessChoice[] }): VNode {
  return (
    <fieldset class="choices closed" disabled>
      <legend>Businesses that cannot be connected</legend>
      {businesses.map(({ id, name, reason, country }) => (
        <label class="choice" key={id}>
          <input type="radio" name="ineligible" value={id} disabled aria-describedby={`why-${id}`} />
          <span>{name}</span>
          {country && <span class="muted">{country}</span>}
          <span class="why" id={`why-${id}`}>
            {reason ?? 'Sage does not say why.'}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** R24: links belong to one business, so another one is connected only on purpose. */
function Confirm(props: NonNullable<BusinessesModel['confirmation']>): VNode {
  const { businessId, businessName, previousName } = props;
  return (
    <section class="card">
      <h1>Connect a different business?</h1>
      <p>
        This Capsule account was connected to <strong>{previousName}</strong>. You chose{' '}
        <strong>{businessName}</strong>.
      </p>
      <p>
        The links to the contacts of {previousName} do not fit {businessName}. Its contacts are matched from
        the beginning.
      </p>
      <form method="post" action="/businesses">
        <input type="hidden" name="businessId" value={businessId} />
        <label class="choice">
          <input type="checkbox" name="confirmDifferentBusiness" value="true" required />
          <span>
            Yes, connect {businessName} in place of {previousName}
          </span>
        </label>
        <div class="actions">
          <button class="button">Connect this business</button>
          <a class="button quiet" href="/businesses">
            Choose another one
          </a>
        </div>
      </form>
    </section>
  );
}
