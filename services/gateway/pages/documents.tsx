import { type VNode } from 'preact';
import {
  describeQuoteStatus,
  describeStanding,
  type InvoiceStatus,
  isCreditNote,
  isPurchase,
  isQuote,
  type SageDocument,
  standingOf,
} from '../../../shared/domain/invoices';
import { toText } from '../../../shared/domain/money';
import { type ListPosition } from '../contact-ledgers';
import { webAddress } from '../contact-rows';
import { type Page } from '../../../shared/store/page';
import { shortDay } from './format';
import { Icon, type IconName } from './icons';
import { Outside } from './layout';

/** Each status has a shape of its own: colours alone tell nobody. */
const SHAPES: Record<InvoiceStatus, IconName> = {
  paid: 'check',
  partPaid: 'half',
  unpaid: 'circle',
  overdue: 'failed',
  draft: 'pencil',
  proForma: 'sheet',
  void: 'struck',
};

interface DocumentsProps {
  documents: Page<SageDocument>;
  list: ListPosition['list'];
  position: ListPosition | null;
  partyId: number;
  /** The day in London. */
  today: string;
  caption: string;
}

/** Documents as a table, which becomes a stack of cards where there is no room for it. */
export function Documents(props: DocumentsProps): VNode {
  const { documents, list, today, partyId, caption } = props;
  const quotes = list === 'quotes';
  return (
    <div class="stack tight listing" id={list}>
      <table class="documents">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">Status</th>
            <th scope="col">Date</th>
            <th scope="col">{quotes ? 'Expires' : 'Due'}</th>
            <th scope="col" class="amount">
              Total
            </th>
            {!quotes && (
              <th scope="col" class="amount">
                Outstanding
              </th>
            )}
            <th scope="col">
              <span class="visually-hidden">As PDF</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {documents.items.map((document) => (
            <Row key={document.id} document={document} today={today} partyId={partyId} />
          ))}
        </tbody>
      </table>
      <ListPages {...props} />
    </div>
  );
}

function Row({
  document,
  today,
  partyId,
}: {
  document: SageDocument;
  today: string;
  partyId: number;
}): VNode {
  const { id, kind, number, reference, date, dueDate, currency, total, outstanding, url } = document;
  const sageUrl = webAddress(url);
  const shown = number || 'Without a number';
  const quote = isQuote(kind);
  const what = isCreditNote(kind) ? 'Credit note' : kind === 'sales_estimate' ? 'Estimate' : '';
  return (
    <tr class={standingClass(document, today)}>
      <th scope="row">
        {sageUrl ? <Outside href={sageUrl}>{shown}</Outside> : shown}
        {(what !== '' || reference !== '') && (
          <span class="muted small">{[what, reference].filter((text) => text !== '').join(' · ')}</span>
        )}
      </th>
      <td>{quote ? describeQuoteStatus(document) : <Status document={document} today={today} />}</td>
      <td data-label="Date">{shortDay(date, today)}</td>
      <td data-label={quote ? 'Expires' : 'Due'}>{shortDay(dueDate, today)}</td>
      <td class="amount" data-label="Total">
        {toText({ currency, minor: total })}
      </td>
      {!quote && (
        <td class="amount" data-label="Outstanding">
          {toText({ currency, minor: outstanding })}
        </td>
      )}
      <td class="paper">
        {!isPurchase(kind) && (
          <a href={`/contacts/${partyId}/invoices/${encodeURIComponent(id)}.pdf`}>
            PDF<span class="visually-hidden"> of {shown}</span>
          </a>
        )}
      </td>
    </tr>
  );
}

function Status({ document, today }: { document: SageDocument; today: string }): VNode {
  const standing = standingOf(document, today);
  return (
    <span class={`standing ${standing.status}`}>
      <Icon name={SHAPES[standing.status]} />
      <span>
        {describeStanding(standing)}
        {standing.disputed && (
          <span class="disputed">
            <Icon name="flag" />
            Disputed
          </span>
        )}
      </span>
    </span>
  );
}

const standingClass = (document: SageDocument, today: string): string | undefined => {
  const status = isQuote(document.kind) ? null : standingOf(document, today).status;
  return status === 'void' ? 'gone' : undefined;
};

function ListPages({ documents, list, position, partyId }: DocumentsProps): VNode | null {
  const { nextCursor } = documents;
  const inside = position?.list === list;
  if (nextCursor === null && !inside) return null;
  const path = `/contacts/${partyId}`;
  return (
    <nav class="actions" aria-label={`Pages of the ${list}`}>
      {inside && (
        <a class="button quiet" href={`${path}#${list}`}>
          Latest
        </a>
      )}
      {nextCursor !== null && (
        <a
          class="button quiet"
          href={`${path}?list=${list}&after=${encodeURIComponent(nextCursor)}#${list}`}
          rel="next"
        >
          Earlier ones
        </a>
      )}
    </nav>
  );
}
