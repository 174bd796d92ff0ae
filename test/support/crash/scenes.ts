import { type PartyInput } from '../../../services/sandbox/capsule';
import { type Company } from '../company';
import { type Scene } from './world';

/** Both sides are read, and nobody is matched yet. */
export const read: Scene = async ({ run, company: { tenantId } }) => {
  const input = { tenantId, importNumber: 1 };
  await run('prepareImport', input);
  await run('readSage', input);
  await run('readCapsule', input);
};

/** The steps of workflows/initial-import that follow, but for its end. */
export const match: Scene = async ({ run, company: { tenantId }, passTime }) => {
  const input = { tenantId, importNumber: 1 };
  for (;;) {
    const { unsettled } = await run('matchContacts', input);
    if (unsettled === 0) break;
    for (;;) {
      const { remaining, waitMs } = await run('settleIntents', input);
      if (remaining === 0) break;
      passTime(waitMs);
    }
  }
};

export const finish: Scene = async ({ run, company: { tenantId } }) => {
  await run('finishImport', { tenantId, importNumber: 1, complete: true });
};

export const imported: Scene = async (stage) => {
  await read(stage);
  await match(stage);
  await finish(stage);
};

/** What people make on either side. */
export const people = ({ sandbox: { sage, capsule } }: Company) => ({
  party: (name: string, more: PartyInput = {}): number =>
    capsule.addParty({
      ...{ type: 'organisation', name },
      ...{ emailAddresses: [{ type: 'Work', address: `${firstWord(name)}@firm.test` }], ...more },
    }).id,
  contact: (name: string): string =>
    sage.business().addContact({
      ...{ name, main_contact_person: { name: 'Ann', email: `${firstWord(name)}@firm.test` } },
    }).id,
  email: (partyId: number, address: string): void => {
    const id = capsule.account.parties.get(partyId)?.emailAddresses[0]?.id;
    capsule.editParty(partyId, { emailAddresses: [{ id, address }] });
  },
  partyNamed: (name: string): number => {
    const found = capsule.parties().find((party) => party.name === name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found.id;
  },
  contactNamed: (name: string): string => {
    const found = sage
      .business()
      .contacts()
      .find((contact) => contact.name === name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found.id;
  },
});

const firstWord = (name: string): string => name.split(' ')[0]?.toLowerCase() ?? '';
