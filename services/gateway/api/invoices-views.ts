import { type SageDocument, standingOf } from '../../../shared/domain/invoices';
import { toDecimal } from '../../../shared/domain/money';
import { type LedgersView } from '../contact-ledgers';
import { webAddress } from '../contact-rows';
import { type ContactInvoices, type Invoice, type Quote } from './invoices-schemas';

/** A contact's documents as the API shows them. */
export function toContactInvoices({ ledgers, freshness, today }: LedgersView): ContactInvoices {
  const latestFirst = (list: SageDocument[]) => list.sort((a, b) => (a.date < b.date ? 1 : -1));
  const documents = latestFirst(ledgers.flatMap((ledger) => ledger.documents.items));
  const quotes = latestFirst(ledgers.flatMap((ledger) => ledger.quotes.items));
  return {
    asOf: freshness.asOf?.toISOString() ?? null,
    sageReachable: freshness.reachable,
    totals: ledgers.flatMap(({ kind, totals }) =>
      totals.map(({ currency, outstanding, overdue, invoiced12Months }) => ({
        ...{ kind, currency },
        outstanding: toDecimal({ currency, minor: outstanding }),
        overdue: toDecimal({ currency, minor: overdue }),
        invoiced12Months: toDecimal({ currency, minor: invoiced12Months }),
      })),
    ),
    invoices: documents.map((document) => toInvoice(document, today)),
    quotes: quotes.map(toQuote),
  };
}

function toInvoice(document: SageDocument, today: string): Invoice {
  const { kind, currency, outstanding, dueDate } = document;
  const { status, daysOverdue, disputed } = standingOf(document, today);
  return {
    ...listed(document),
    kind: kind,
    dueDate: dueDate || null,
    outstanding: toDecimal({ currency, minor: outstanding }),
    ...{ status, disputed, daysOverdue },
  };
}

const toQuote = (document: SageDocument): Quote => ({
  ...listed(document),
  kind: document.kind,
  expiryDate: document.dueDate || null,
  status: document.sageStatus.toLowerCase(),
});

const listed = ({ id, number, date, currency, total, url }: SageDocument) => ({
  ...{ id, number, date: date || null, currency },
  total: toDecimal({ currency, minor: total }),
  sageUrl: webAddress(url),
});
