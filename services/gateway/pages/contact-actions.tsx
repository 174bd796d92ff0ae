import { type ComponentChildren, type VNode } from 'preact';
import { type ContactPair } from '../contact-view';
import { Icon } from './icons';
import { type ContactModel } from './models';
import { KINDS } from './states';

/** What can be done with a contact, a plain form each. */
export function ContactActions(model: ContactModel): VNode {
  const { pairs, partyId, viewer, phase, addable, organisation } = model;
  const several = pairs.length > 1;
  const connected = phase !== 'disconnected';
  return (
    <aside class="stack" aria-label="What can be done">
      {model.organisation !== null && <Belongs {...model} />}
      {connected && pairs.length === 0 && addable.length > 0 && model.candidates === null && (
        <AddCard {...model} title="Add to Sage" />
      )}
      {pairs.map((pair) => (
        <section class="card plain" key={pair.row.id} aria-label={several ? kindOf(pair) : 'Actions'}>
          {several && <h2>{kindOf(pair)}</h2>}
          {connected && pair.row.state !== 'excluded' && <Push pair={pair} partyId={partyId} />}
          {viewer.administrator && <KeepDeleted pair={pair} partyId={partyId} />}
          {viewer.administrator && connected && <Unlink pair={pair} partyId={partyId} />}
          {!viewer.administrator && (
            <p class="muted small">
              Only an administrator can unlink it or decide whether it is brought back.
            </p>
          )}
        </section>
      ))}
      {connected && pairs.length > 0 && organisation === null && addable.length > 0 && (
        <details class="more">
          <summary>It is a {addable.map((kind) => KINDS[kind].toLowerCase()).join(' or ')} as well</summary>
          <AddCard
            {...model}
            title={`Add to Sage as a ${addable.map((kind) => KINDS[kind].toLowerCase()).join(' or ')}`}
          />
        </details>
      )}
    </aside>
  );
}

/** R16 */
function Belongs({ organisation, name }: ContactModel): VNode | null {
  if (!organisation) return null;
  const { id, name: firm, kinds } = organisation;
  return (
    <section class="card plain" aria-labelledby="belongs-title">
      <h2 id="belongs-title">Belongs to {firm}</h2>
      <p>
        {kinds.length > 0
          ? `${firm} is in Sage already. ${name} needs no record of its own there.`
          : `Customers in Sage are organisations where there is one: Add to Sage adds ${firm}, not ${name}.`}
      </p>
      <p>
        <a href={`/contacts/${id}`}>Go to {firm}</a>
      </p>
    </section>
  );
}

/** R15. The type is asked where it could be either. */
function AddCard({
  partyId,
  addable,
  organisation,
  failure,
  title,
}: ContactModel & { title: string }): VNode {
  return (
    <section class="card" aria-labelledby="add-title">
      <h2 id="add-title">{title}</h2>
      <p class="muted">
        {organisation ? organisation.name : 'The contact'} is created in Sage with its name, address, e-mail
        and phone numbers, and linked.
      </p>
      {failure !== null && (
        <p class="note error">
          <Icon name="failed" />
          <span>{failure.reason}</span>
        </p>
      )}
      <form method="post" action={`/contacts/${partyId}/sage`}>
        {addable.length > 1 ? (
          <fieldset class="choices">
            <legend>As what?</legend>
            {addable.map((kind, at) => (
              <label class="choice" key={kind}>
                <input type="radio" name="type" value={kind} checked={at === 0} required />
                <span>{KINDS[kind]}</span>
              </label>
            ))}
          </fieldset>
        ) : (
          <input type="hidden" name="type" value={addable[0]} />
        )}
        <p class="actions">
          <button class="button">
            <Icon name="created" />
            Add to Sage
          </button>
        </p>
      </form>
    </section>
  );
}

/** R17: Sage has contacts of that name which are linked with nobody. */
export function Candidates({ candidates, partyId, addable }: ContactModel): VNode | null {
  if (candidates === null) return null;
  return (
    <section class="card" aria-labelledby="candidates-title">
      <h2 id="candidates-title">Is it one of these?</h2>
      <p>Sage has a contact of that name already that is linked with nobody. Nothing was created.</p>
      <form method="post" action={`/contacts/${partyId}/sage`}>
        <input type="hidden" name="type" value={addable[0] ?? 'CUSTOMER'} />
        <fieldset class="choices side-by-side">
          <legend>Which contact in Sage is it?</legend>
          {candidates.map(({ id, name, email, postcode }) => (
            <Choice key={id} value={id}>
              <span>{name}</span>
              <span class="why muted">
                {[email, postcode].filter((text) => text !== '').join(' · ') || 'No e-mail, no postcode'}
              </span>
            </Choice>
          ))}
          <Choice value="new">
            <span>None of these</span>
            <span class="why muted">A new contact is created in Sage</span>
          </Choice>
        </fieldset>
        <p class="actions">
          <button class="button">Go on</button>
          <a class="button quiet" href={`/contacts/${partyId}`}>
            Leave it as it is
          </a>
        </p>
      </form>
    </section>
  );
}

function Choice({ value, children }: { value: string; children: ComponentChildren }): VNode {
  return (
    <label class="choice">
      <input type="radio" name="choice" value={value} required />
      {children}
    </label>
  );
}

/** R13 */
function Push({ pair, partyId }: { pair: ContactPair; partyId: number }): VNode | null {
  const { state } = pair.row;
  if (state === 'inSync') return <p class="muted">What is edited in Capsule goes to Sage by itself.</p>;
  return (
    <form method="post" action={`/contacts/${partyId}/push`}>
      <p class="muted">Capsule’s values take the place of those that differ in Sage.</p>
      <p class="actions">
        <button class="button">
          <Icon name="arrow" />
          Push Capsule’s values
        </button>
      </p>
    </form>
  );
}

/** R18 and its undo. */
function KeepDeleted({ pair, partyId }: { pair: ContactPair; partyId: number }): VNode {
  const { keepDeleted, row } = pair;
  return (
    <form method="post" action={`/contacts/${partyId}/${keepDeleted ? 'bring-back' : 'keep-deleted'}`}>
      <input type="hidden" name="sageContactId" value={row.sageContactId ?? ''} />
      <p class="muted">
        {keepDeleted
          ? 'If it is deleted in Capsule, it stays deleted.'
          : 'If it is deleted in Capsule while Sage has it, it is created again.'}
      </p>
      <p class="actions">
        <button class="button quiet">{keepDeleted ? 'Bring it back after all' : 'Do not bring back'}</button>
      </p>
    </form>
  );
}

function Unlink({ pair, partyId }: { pair: ContactPair; partyId: number }): VNode {
  return (
    <details class="more">
      <summary>Unlink</summary>
      <form method="post" action={`/contacts/${partyId}/unlink`}>
        <input type="hidden" name="type" value={pair.row.kind ?? 'CUSTOMER'} />
        <p class="muted">
          Both records stay. Edits no longer travel, and the two are not matched again until they are linked
          by hand.
        </p>
        <p class="actions">
          <button class="button quiet">Unlink these two</button>
        </p>
      </form>
    </details>
  );
}

const kindOf = ({ row }: ContactPair): string => (row.kind === null ? 'In Sage' : KINDS[row.kind]);
