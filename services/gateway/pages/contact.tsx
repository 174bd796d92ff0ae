import { type VNode } from 'preact';
import { Candidates, ContactActions } from './contact-actions';
import { History } from './history';
import { html } from './html';
import { Icon } from './icons';
import { Ledgers } from './ledger';
import { FlashNote, Layout, Outside } from './layout';
import { type ContactModel } from './models';
import { PairCard } from './pair';
import { StateBadge } from './states';

/** A Capsule contact: how it stands in Sage, what can be done, and what has happened to it. */
export function renderContact(model: ContactModel): string {
  const { name, partyId, pairs, tenant, flash, history, cursor, now, capsuleUrl } = model;
  return html(
    <Layout title={`${name} – ${tenant.siteName}`} here="contacts" {...model}>
      <FlashNote flash={flash} />
      <p class="visually-hidden" role="status" id="said" />
      <Heading {...model} />
      <Candidates {...model} />
      <div class="columns">
        <div class="stack">
          <Ledgers {...model} />
          {pairs.map((pair) => (
            <PairCard key={pair.row.id} pair={pair} capsuleUrl={capsuleUrl} />
          ))}
          {pairs.length === 0 && <NotInSage {...model} />}
        </div>
        <ContactActions {...model} />
        <History history={history} path={`/contacts/${partyId}`} cursor={cursor} now={now} />
      </div>
    </Layout>,
  );
}

function Heading({ name, type }: ContactModel): VNode {
  return (
    <header class="stack tight">
      <p>
        <a href="/contacts">All contacts</a>
      </p>
      <div class="heading">
        <h1>{name}</h1>
        <span class="badge">{type === 'person' ? 'Person' : 'Organisation'}</span>
      </div>
    </header>
  );
}

function NotInSage({ failure, capsuleUrl }: ContactModel): VNode {
  return (
    <section class="card" aria-labelledby="none-title">
      <div class="row">
        <h2 id="none-title">Not in Sage</h2>
        {failure !== null && <StateBadge state="failing" />}
      </div>
      {failure !== null ? (
        <p class="note error">
          <Icon name="failed" />
          <span>{failure.reason}</span>
        </p>
      ) : (
        <p class="muted">This contact is in Capsule only. Sage has no record that is linked with it.</p>
      )}
      <p class="actions">
        <Outside href={capsuleUrl}>Open in Capsule</Outside>
      </p>
    </section>
  );
}
