import { type ComponentChildren, type VNode } from 'preact';
import { plural } from './format';
import { html } from './html';
import { Icon } from './icons';
import { FlashNote, Layout } from './layout';
import { type CandidateItem, type ReviewItem, type ReviewsModel } from './models';
import { QueuePages } from './queue-pages';
import { WHY } from './why';

const KINDS: Record<ReviewItem['kind'], string> = { CUSTOMER: 'Customer', VENDOR: 'Supplier' };

/** What the choices mean where Capsule may have the contact (R8, R9), and where it had it (R21). */
const UNMATCHED = {
  question: 'Which contact in Capsule is it?',
  create: 'Create a new contact',
  createMeans: 'It is none of those that are in Capsule',
  ignoreMeans: 'It stays in Sage only, and is not asked about again',
};
const MERGED = {
  question: 'Its contact in Capsule was deleted. Was it merged into one of these?',
  create: 'No: create it again',
  createMeans: 'It was deleted by mistake; a new contact takes its place, and the link moves there',
  ignoreMeans: 'It was deleted on purpose: it stays in Sage only, and the link ends',
};

/** The review queue (R8, R9, R21): a form per contact, with its candidates. Works without JavaScript. */
export function renderReviews(model: ReviewsModel): string {
  const { viewer, tenant, items, count, flash } = model;
  return html(
    <Layout title={`Reviews – ${tenant.siteName}`} here="reviews" {...model}>
      <FlashNote flash={flash} />
      <div class="stack">
        <header class="stack tight">
          <h1>
            {count === 0
              ? 'Nothing waits for your decision'
              : `${plural(count, 'contact')} ${count === 1 ? 'waits' : 'wait'} for your decision`}
          </h1>
          {count > 0 && (
            <p class="muted">
              Nothing was created or linked for them, so no customer is doubled. What you decide changes
              nothing on either record, except that a new contact may be created in Capsule.
            </p>
          )}
        </header>
        {!viewer.administrator && count > 0 && (
          <p class="note">
            <Icon name="lock" />
            <span>
              Only a Capsule administrator of {tenant.siteName} can decide, and sees who they are: Sage has
              them, and Capsule cannot say yet to whom they may be shown.
            </span>
          </p>
        )}
        {items.map((item) => (
          <ReviewCard key={item.id} item={item} model={model} />
        ))}
        <QueuePages path="/reviews" {...model} />
      </div>
    </Layout>,
  );
}

function ReviewCard({ item, model }: { item: ReviewItem; model: ReviewsModel }): VNode {
  const { id, name, kind, why, email, postcode, candidates } = item;
  const words = why === 'merged' ? MERGED : UNMATCHED;
  const title = `review-${id}`;
  return (
    <section class="card" aria-labelledby={title}>
      <div>
        <div class="row">
          <h2 id={title}>
            {model.viewer.administrator ? (
              <a href={`/sage-contacts/${encodeURIComponent(id)}`}>{name}</a>
            ) : (
              name
            )}
          </h2>
          <span class="badge">{KINDS[kind]} in Sage</span>
        </div>
        <Details email={email} postcode={postcode} />
        <p class="muted">{WHY[why]}</p>
      </div>
      <form method="post" action={`/reviews/${encodeURIComponent(id)}`}>
        {model.cursor !== null && <input type="hidden" name="cursor" value={model.cursor} />}
        <fieldset class="choices side-by-side" disabled={!model.viewer.administrator}>
          <legend>{words.question}</legend>
          {candidates.map((candidate) => (
            <Candidate key={candidate.partyId} candidate={candidate} review={item} />
          ))}
          <Choice value="create">
            <span>{words.create}</span>
            <span class="why muted">{words.createMeans}</span>
          </Choice>
          <Choice value="ignore">
            <span>Leave it out</span>
            <span class="why muted">{words.ignoreMeans}</span>
          </Choice>
        </fieldset>
        {model.viewer.administrator && (
          <p class="actions">
            <button class="button">
              Decide<span class="visually-hidden"> on {name}</span>
            </button>
          </p>
        )}
      </form>
    </section>
  );
}

function Candidate({ candidate, review }: { candidate: CandidateItem; review: ReviewItem }): VNode {
  const { partyId, name, email, postcode, takenBy } = candidate;
  return (
    <Choice value={`link:${partyId}`} disabled={takenBy !== null}>
      <span>{review.why === 'merged' ? `Yes: move the link to ${name}` : name}</span>
      <span class="why">
        <Details email={email} postcode={postcode} like={review} />
        {takenBy !== null && <p class="muted">Linked with {takenBy} by now</p>}
      </span>
    </Choice>
  );
}

/** @param like the record to compare with: what agrees is marked */
function Details(props: { email: string; postcode: string; like?: ReviewItem }): VNode {
  const { email, postcode, like } = props;
  const agrees = (own: string, other: string | undefined): boolean =>
    own !== '' && other !== undefined && plain(own) === plain(other);
  if (email === '' && postcode === '') return <p class="muted">No e-mail, no postcode</p>;
  return (
    <p class="details">
      {email !== '' && <Detail text={email} agrees={agrees(email, like?.email)} />}
      {postcode !== '' && <Detail text={postcode} agrees={agrees(postcode, like?.postcode)} />}
    </p>
  );
}

function Detail({ text, agrees }: { text: string; agrees: boolean }): VNode {
  if (!agrees) return <span>{text}</span>;
  return (
    <span class="agrees">
      <Icon name="check" />
      {text}
      <span class="visually-hidden"> (the same in Sage)</span>
    </span>
  );
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, '');

function Choice(props: { value: string; disabled?: boolean; children: ComponentChildren }): VNode {
  const { value, disabled = false, children } = props;
  return (
    <label class={disabled ? 'choice taken' : 'choice'}>
      <input type="radio" name="choice" value={value} required disabled={disabled} />
      {children}
    </label>
  );
}
