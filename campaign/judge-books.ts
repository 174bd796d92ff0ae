import { type Evidence } from './evidence';
import { type DocumentFact } from './evidence-books';

type Books = Pick<
  Evidence,
  'documents' | 'mirrored' | 'parties' | 'links' | 'excludeSuppliers' | 'publicUrl' | 'today'
>;

const SYMBOLS: Record<string, string> = { GBP: '£', EUR: '€' };
/** These stand in no ledger. */
const IDLE = ['DRAFT', 'PRO_FORMA', 'VOID'];

/** What contacts owe, reckoned anew from Sage's own documents: the mirror and the Capsule records say the same. */
export const judgeBooks = (books: Books): string[] => [...mirrorIsTrue(books), ...recordsAreTrue(books)];

function mirrorIsTrue({ documents, mirrored, excludeSuppliers }: Books): string[] {
  const wanted = documents.filter(({ kind }) => !(excludeSuppliers && kind.startsWith('purchase')));
  const rows = [
    ...wanted.map((document) => ({ ...document, amount: worth(document), here: 1 })),
    ...mirrored.map((document) => ({ ...document, amount: -document.outstanding, here: -1 })),
  ];
  const contacts = [...new Set(rows.map(({ contact }) => contact))];
  return contacts.flatMap((contact) => {
    const own = rows.filter((row) => row.contact === contact);
    const missing = own.reduce((sum, { here }) => sum + here, 0);
    const wrong = [...new Set(own.map(({ currency }) => currency))].flatMap((currency) => {
      const posted = own.filter((row) => row.currency === currency && !IDLE.includes(row.status));
      const off = posted.reduce((sum, { amount }) => sum + amount, 0);
      return off === 0 ? [] : [`${off / 100} ${currency} too little`];
    });
    const told = [...(missing === 0 ? [] : [`${missing} documents too few`]), ...wrong];
    return told.length === 0 ? [] : [`invoices: of contact ${contact} the mirror holds ${told.join(', ')}`];
  });
}

function recordsAreTrue({ documents, parties, links, publicUrl, today }: Books): string[] {
  return parties.flatMap(({ id, alive, figures }) => {
    // R31: what we owe to suppliers is not for everybody.
    const customer = links.find(({ live, party, kind }) => live && party === id && kind === 'CUSTOMER');
    const own = documents.filter(
      ({ contact, status }) => contact === customer?.contact && !IDLE.includes(status),
    );
    const late = own.filter((one) => worth(one) > 0 && one.dueDate < today);
    const due =
      own.length === 0
        ? { balance: '', overdue: '', invoices: '' }
        : { balance: inWords(own), overdue: inWords(late), invoices: `${publicUrl}/contacts/${id}` };
    const wrong = (['balance', 'overdue', 'invoices'] as const).filter((name) => figures[name] !== due[name]);
    if (!alive) return [];
    return [
      ...wrong.map((name) => `figures: ${name} of party ${id} is "${figures[name]}", due is "${due[name]}"`),
      ...(own.length > 0 && !figures.tagged
        ? [`figures: party ${id} has no DataTag, and shows nothing`]
        : []),
    ];
  });
}

/** What the contact owes of it: a credit note is owed to the contact. */
const worth = ({ kind, owed }: DocumentFact): number => (kind.endsWith('credit_note') ? -owed : owed);

/** `£1,234.50; €20.00`; `£0.00` for nothing. */
function inWords(documents: readonly DocumentFact[]): string {
  const texts = Object.entries(SYMBOLS).flatMap(([currency, symbol]) => {
    const own = documents.filter((document) => document.currency === currency);
    const sum = own.reduce((all, document) => all + worth(document), 0);
    const digits = (Math.abs(sum) / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 });
    return sum === 0 ? [] : [`${sum < 0 ? '-' : ''}${symbol}${digits}`];
  });
  return texts.join('; ') || '£0.00';
}
