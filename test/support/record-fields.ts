import { type Sandbox } from '../../services/sandbox';

/** What stands on a Capsule record under the DataTag *Sage*. */
export interface RecordFields {
  balance: string;
  overdue: string;
  invoices: string;
  tagged: boolean;
}

/** As the sandbox holds it; empty texts for fields without a value. */
export function fieldsOf({ capsule }: Sandbox, partyId: number): RecordFields {
  const { account } = capsule;
  const party = account.parties.get(partyId);
  const value = (name: string): string => {
    const definition = [...account.definitions.values()].find((one) => one.name === name);
    const row = party?.fields.find(({ definitionId }) => definitionId === definition?.id);
    return typeof row?.value === 'string' ? row.value : '';
  };
  const tag = [...account.tags.values()].find(({ name, dataTag }) => dataTag && name === 'Sage');
  return {
    ...{ balance: value('Sage balance'), overdue: value('Sage overdue'), invoices: value('Sage invoices') },
    tagged: tag !== undefined && (party?.tagIds.includes(tag.id) ?? false),
  };
}
