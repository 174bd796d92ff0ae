import { type VNode } from 'preact';
import { type Ignored } from '../api/ignored-schemas';
import { contactHref } from './contacts';
import { html } from './html';
import { FlashNote, Layout } from './layout';
import { type IgnoredModel } from './models';
import { QueuePages } from './queue-pages';
import { KINDS } from './states';

/** *Do not bring back* (R18), with its undo. */
export function renderIgnored(model: IgnoredModel): string {
  const { tenant, items, flash, viewer } = model;
  return html(
    <Layout title={`Not brought back – ${tenant.siteName}`} here="ignored" {...model}>
      <FlashNote flash={flash} />
      <header class="stack tight">
        <h1>Not brought back</h1>
        <p class="muted">
          Contacts that somebody wants to be in Sage only. Those that are linked are not created again once
          they are deleted in Capsule; the others are left out already.
        </p>
      </header>
      {items.length > 0 ? (
        <section class="card" aria-label="Contacts">
          <ul class="rows">
            {items.map((item) => (
              <Row key={item.id} item={item} administrator={viewer.administrator} />
            ))}
          </ul>
        </section>
      ) : (
        <p class="muted">There are none.</p>
      )}
      <QueuePages path="/ignored" count={items.length} {...model} />
    </Layout>,
  );
}

function Row({ item, administrator }: { item: Ignored; administrator: boolean }): VNode {
  const { id, name, kind, linked, partyId, sageContactId } = item;
  return (
    <li class="row">
      <div>
        <p>
          <a class="name" href={contactHref({ partyId, sageContactId })}>
            {name || 'Without a name'}
          </a>{' '}
          <span class="muted small">{KINDS[kind]}</span>
        </p>
        <p class="muted small">
          {linked ? 'Linked; stays deleted once it is deleted in Capsule.' : 'Left out: in Sage only.'}
        </p>
      </div>
      {administrator && (
        <form method="post" action={`/ignored/${encodeURIComponent(id)}/undo`}>
          <button class="button quiet">
            Undo<span class="visually-hidden"> for {name}</span>
          </button>
        </form>
      )}
    </li>
  );
}
