import { type Db } from 'mongodb';
import { type Sandbox } from '../services/sandbox';

/** Amounts are in the smallest unit of the currency. */
export interface DocumentFact {
  id: string;
  contact: string;
  kind: string;
  status: string;
  currency: string;
  /** Never negative, whatever the kind. */
  owed: number;
  dueDate: string;
}

/** A document as our mirror has it: what credit notes are worth is negative there. */
export interface MirroredFact {
  id: string;
  contact: string;
  status: string;
  currency: string;
  outstanding: number;
}

/** What stands on a Capsule record under our DataTag; empty texts for nothing. */
export interface FigureFact {
  balance: string;
  overdue: string;
  invoices: string;
  tagged: boolean;
}

/** Documents that live in Sage. */
export const documentFacts = ({ sage }: Sandbox): DocumentFact[] =>
  sage
    .business()
    .documents()
    .map(({ id, contact_id, kind, status, currency_id, total, paid, dueDate }) => ({
      ...{ id, contact: contact_id, kind, status, currency: currency_id, owed: total - paid, dueDate },
    }));

export async function mirroredFacts(db: Db, tenant: string): Promise<MirroredFact[]> {
  const rows = await db.collection('invoices').find({ tenant }).toArray();
  return rows.map(({ id, contactId, sageStatus, currency, outstanding }) => ({
    ...{ id: String(id), contact: String(contactId), status: String(sageStatus) },
    ...{ currency: String(currency), outstanding: Number(outstanding) },
  }));
}

type Account = Sandbox['capsule']['account'];
type Held = Pick<ReturnType<Sandbox['capsule']['parties']>[number], 'fields' | 'tagIds'>;

/** Values of several fields of one name are all told. */
export function figureFact({ definitions, tags }: Account, { fields, tagIds }: Held): FigureFact {
  const value = (name: string): string =>
    fields
      .filter(({ definitionId }) => definitions.get(definitionId)?.name === name)
      .flatMap((field) => (typeof field.value === 'string' ? [field.value] : []))
      .join(' | ');
  return {
    ...{ balance: value('Sage balance'), overdue: value('Sage overdue'), invoices: value('Sage invoices') },
    tagged: tagIds.some((id) => {
      const tag = tags.get(id);
      return tag?.dataTag === true && tag.name === 'Sage';
    }),
  };
}
