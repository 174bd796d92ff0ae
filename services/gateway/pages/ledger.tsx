import { type VNode } from 'preact';
import { BASE_CURRENCY, type CurrencyTotals } from '../../../shared/domain/invoice-totals';
import { toText } from '../../../shared/domain/money';
import { type Ledger } from '../contact-ledgers';
import { Documents } from './documents';
import { clockTime, moment } from './format';
import { Icon } from './icons';
import { Outside, Time } from './layout';
import { type ContactModel } from './models';
import { MonthChart } from './month-chart';

/** What a contact owes, and its documents in Sage. app.js replaces it as a whole after *Refresh*. */
export function Ledgers(model: ContactModel): VNode | null {
  const { ledgers, organisation, withheld } = model.ledgers;
  if (ledgers.length === 0 && !withheld) return null;
  return (
    <div class="stack" id="invoices">
      {ledgers.length > 0 && (
        <section class="card fresh" aria-label="How old the figures are">
          {organisation !== null && (
            <p>
              These are the invoices of <a href={`/contacts/${organisation.id}`}>{organisation.name}</a>, to
              which {model.name} belongs.
            </p>
          )}
          <Fresh {...model} />
        </section>
      )}
      {ledgers.map((ledger) => (
        <LedgerCards key={ledger.kind} ledger={ledger} model={model} />
      ))}
      {withheld && (
        <p class="note">
          <Icon name="lock" />
          <span>What is owed to it as a supplier is shown to administrators only.</span>
        </p>
      )}
    </div>
  );
}

/** How old the figures are, whether Sage can be reached, and *Refresh*: a plain form. */
function Fresh({ ledgers, partyId, now, phase }: ContactModel): VNode {
  const { asOf, reachable, unreachableSince } = ledgers.freshness;
  return (
    <>
      <div class="row">
        <p data-as-of>
          {asOf === null ? (
            'The documents have not been read from Sage yet.'
          ) : (
            <>
              As of <Time at={asOf.toISOString()}>{moment(asOf, now)}</Time>
            </>
          )}
        </p>
        {phase !== 'disconnected' && (
          <form method="post" action={`/contacts/${partyId}/refresh`} data-refresh>
            <button class="button quiet">
              <Icon name="sync" />
              Refresh
            </button>
          </form>
        )}
      </div>
      {!reachable && (
        <p class="note warning">
          <Icon name="failed" />
          <span>
            {phase === 'disconnected' ? (
              'Sage is not connected: the figures stay as they were.'
            ) : (
              <>
                Sage unreachable
                {unreachableSince !== null && (
                  <>
                    {' since '}
                    <Time at={unreachableSince.toISOString()}>{clockTime(unreachableSince, now)}</Time>
                  </>
                )}
                . You see the figures as they were when it last answered.
              </>
            )}
          </span>
        </p>
      )}
    </>
  );
}

function LedgerCards({ ledger, model }: { ledger: Ledger; model: ContactModel }): VNode {
  const { kind, documents, quotes, sageContactId } = ledger;
  const { position, partyId } = model;
  const { today } = model.ledgers;
  const customer = kind === 'CUSTOMER';
  const list = customer ? 'sales' : 'purchases';
  const title = `${list}-title`;
  const common = { position, partyId, today };
  return (
    <>
      <section class="card" aria-labelledby={title}>
        <div class="row">
          <h2 id={title}>{customer ? 'Owes us' : 'We owe it'}</h2>
          <SageLink sageContactId={sageContactId} model={model} />
        </div>
        <Balance ledger={ledger} />
        {ledger.totals.map((totals) => (
          <Totals key={totals.currency} totals={totals} alone={ledger.totals.length === 1} />
        ))}
      </section>
      <section class="card" aria-label={customer ? 'Invoices and credit notes' : 'Purchases'}>
        <h2>{customer ? 'Invoices' : 'Purchase invoices'}</h2>
        {documents.items.length === 0 ? (
          <p class="muted">There are none in Sage.</p>
        ) : (
          <Documents
            {...{ ...common, documents, list }}
            caption={customer ? 'Invoices and credit notes, latest first' : 'Purchases, latest first'}
          />
        )}
        {quotes.items.length > 0 && (
          <>
            <h3>Quotes and estimates</h3>
            <Documents
              {...{ ...common, documents: quotes, list: 'quotes' }}
              caption="Quotes and estimates, latest first"
            />
          </>
        )}
      </section>
    </>
  );
}

/** Where Sage tells the address of its own page. */
function SageLink({ sageContactId, model }: { sageContactId: string; model: ContactModel }): VNode | null {
  const url = model.pairs.find(({ row }) => row.sageContactId === sageContactId)?.row.sageUrl;
  return url ? <Outside href={url}>Open in Sage</Outside> : null;
}

function Balance({ ledger: { balance, otherItems } }: { ledger: Ledger }): VNode {
  return (
    <dl class="balance">
      <div class="sum">
        <dt>Balance in Sage</dt>
        <dd>{toText({ currency: BASE_CURRENCY, minor: balance })}</dd>
      </div>
      {otherItems !== 0 && (
        <div>
          <dt>
            Of it other items
            <span class="muted small">Quick entries, opening balance, payments on account</span>
          </dt>
          <dd>{toText({ currency: BASE_CURRENCY, minor: otherItems })}</dd>
        </div>
      )}
    </dl>
  );
}

function Totals({ totals, alone }: { totals: CurrencyTotals; alone: boolean }): VNode {
  const { currency, outstanding, overdue, invoiced12Months } = totals;
  const text = (minor: number) => toText({ currency, minor });
  return (
    <section class="totals" aria-label={`Totals in ${currency}`}>
      {!alone && <h3>{currency}</h3>}
      <dl class="counts">
        <div class="count">
          <dt>Outstanding</dt>
          <dd>{text(outstanding)}</dd>
        </div>
        <div class={overdue > 0 ? 'count late' : 'count'}>
          <dt>
            Overdue
            {overdue > 0 && <Icon name="failed" />}
          </dt>
          <dd>{text(overdue)}</dd>
        </div>
        <div class="count">
          <dt>Invoiced in 12 months</dt>
          <dd>{text(invoiced12Months)}</dd>
        </div>
      </dl>
      {totals.months.some(({ invoiced }) => invoiced !== 0) && <MonthChart totals={totals} />}
    </section>
  );
}
