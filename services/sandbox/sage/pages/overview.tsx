import { type VNode } from 'preact';

import { Page, Table, Tiles } from '../../kernel/page';
import { type VendorKernel } from '../../kernel';
import { type Business, type Directory } from '../directory';
import { type Grants } from '../grants';
import { LOOK } from './look';

const COUNTRIES = { GB: 'United Kingdom', IE: 'Ireland' };

export function OverviewPage(props: {
  kernel: VendorKernel;
  directory: Directory;
  grants: Grants;
  notice?: string;
}): VNode {
  const { kernel, directory, grants, notice } = props;
  const demo = directory.business(directory.demo);
  const books = demo?.books();
  const clients = new Set(directory.user('accountant')?.businessIds);
  const [own, ofAccountant] = [false, true].map((client) =>
    directory.businesses.filter(({ id }) => clients.has(id) === client),
  ) as [Business[], Business[]];
  return (
    <Page vendor={LOOK} title="Businesses" at="/" notice={notice}>
      <Tiles
        tiles={[
          { label: 'Demo contacts', value: books?.contacts.living().length },
          { label: 'Their sales invoices', value: books?.documents.living('sales_invoice').length },
          { label: 'Live sign-ins', value: grants.living().length },
          { label: 'API requests', value: kernel.requests.total },
        ]}
      />
      <BusinessTable businesses={own} demo={directory.demo} />
      <details>
        <summary>The accountant’s {ofAccountant.length} businesses</summary>
        <BusinessTable businesses={ofAccountant} demo={directory.demo} />
      </details>
      <h2>Who can sign in</h2>
      <Table
        head={['Name', 'User', 'Country', 'Reaches']}
        rows={directory.users.map(({ firstName, lastName, login, countryId, hint }) => [
          `${firstName} ${lastName}`,
          <code>{login}</code>,
          COUNTRIES[countryId],
          hint,
        ])}
      />
      <h2>Sign-ins</h2>
      <form class="card row" method="post" action="/grants">
        <p class="grow">
          End every app’s sign-in, as a change of password does, or let the access tokens of five minutes run
          out now.
        </p>
        <div class="actions">
          <button class="danger" name="do" value="revoke">
            End all sign-ins
          </button>
          <button class="quiet" name="do" value="expire">
            Expire access tokens
          </button>
        </div>
      </form>
    </Page>
  );
}

function BusinessTable(props: { businesses: readonly Business[]; demo: string }): VNode {
  return (
    <Table
      head={['Business', 'Country', 'Subscription', 'Contacts', '']}
      figures={[3]}
      rows={props.businesses.map((business) => {
        const { id, name, city, countryId, subscription } = business;
        return [
          <>
            <a href={`/businesses/${id}/contacts`}>{name}</a>
            {id === props.demo && (
              <>
                {' '}
                <span class="tag">demo company</span>
              </>
            )}
            <small>{city}</small>
          </>,
          COUNTRIES[countryId],
          <span class={subscription.active ? undefined : 'bad'}>
            {subscription.displayed_as}
            {subscription.active ? '' : ' – lapsed'}
          </span>,
          business.opened() ? business.books().contacts.living().length : '–',
          <form method="post" action={`/businesses/${id}/subscription`}>
            <button class="quiet small" name="active" value={String(!subscription.active)}>
              {subscription.active ? 'Let it lapse' : 'Renew'}
            </button>
          </form>,
        ];
      })}
    />
  );
}
