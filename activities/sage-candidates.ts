import pMap from 'p-map';
import { bucketOf, compareNames, readName } from '../shared/domain/names';
import { type CapsuleParty, type ContactKind, type SageContact } from '../shared/domain/types';
import { isVendorError } from '../shared/http/vendor-error';
import { type SageClient } from '../shared/sage/client';
import { type Store } from '../shared/store';
import { type ConnectedTenant } from './adder';
import { saveSageContacts } from './save-sage';

/** Contacts that a person is offered; more of one name no person tells apart. */
const MOST = 10;
const READS = 4;

interface Finding {
  store: Store;
  sage: SageClient;
  tenant: ConnectedTenant;
}

/**
 * Sage contacts of a kind that are linked with nobody and have the party's name, exactly or nearly (R17), and
 * those that a person unlinked from it. The mirror may be minutes old, so Sage is asked as well, and everyone
 * found is read anew.
 * @returns their ids; the mirror holds them as they are now
 */
export async function findRivals(
  { store, sage, tenant }: Finding,
  party: CapsuleParty,
  kind: ContactKind,
): Promise<string[]> {
  const { id: tenantId, connection, settings } = tenant;
  const isNamesake = (contact: Pick<SageContact, 'name' | 'kind'>) =>
    contact.kind === kind && haveOneName(party, contact);
  const bucket = bucketOf(nameOf(party).looseKey);
  const [mirrored, listed, parted] = await Promise.all([
    store.contacts.sageInBuckets(tenantId, bucket, bucket + 1),
    sage.findContactsByName(party.name),
    partedFrom(store, tenantId, party, kind),
  ]);
  const namesakes = [...mirrored.map(({ record }) => record), ...listed.map(({ contact }) => contact)]
    .filter(isNamesake)
    .map(({ id }) => id);
  const found = [...new Set([...parted, ...namesakes])];
  const linked = new Set(
    (await store.links.bySageContacts(tenantId, found)).map(({ sageContactId }) => sageContactId),
  );
  const free = found.filter((id) => !linked.has(id)).slice(0, MOST);
  const reads = await pMap(free, (id) => readContact(sage, id), { concurrency: READS });
  const gone = free.filter((_id, index) => reads[index] === 'gone');
  const read = reads.filter((one) => one !== 'gone' && one !== 'hidden');
  await store.contacts.forgetSage(tenantId, gone);
  await saveSageContacts(store, { tenantId, importNumber: connection.number, settings }, read);
  return read
    .filter((contact) => !contact.isSystem && !contact.isErased)
    .filter((contact) => isNamesake(contact) || parted.includes(contact.id))
    .map(({ id }) => id);
}

/** Whether a Sage contact that is linked with nobody would be offered for the party. */
export async function isOffered(
  store: Store,
  tenantId: string,
  party: CapsuleParty,
  contact: SageContact,
): Promise<boolean> {
  if (haveOneName(party, contact)) return true;
  return (await partedFrom(store, tenantId, party, contact.kind)).includes(contact.id);
}

const nameOf = ({ name, type, title }: CapsuleParty) => readName(name, type, title);

/** Exactly or nearly (R6, R9). */
const haveOneName = (party: CapsuleParty, { name }: Pick<SageContact, 'name'>): boolean =>
  compareNames(readName(name, 'sage'), nameOf(party)) !== 'different';

/** Sage contacts that a person unlinked from the party. */
async function partedFrom(
  store: Store,
  tenantId: string,
  { id }: CapsuleParty,
  kind: ContactKind,
): Promise<string[]> {
  const links = await store.links.byPartiesWithEnded(tenantId, [id]);
  return links
    .filter((link) => link.ended?.why === 'unlinked' && link.kind === kind)
    .map(({ sageContactId }) => sageContactId);
}

async function readContact(sage: SageClient, id: string): Promise<SageContact | 'gone' | 'hidden'> {
  try {
    return await sage.getContact(id);
  } catch (error) {
    if (isVendorError(error, 'missing')) return 'gone';
    if (isVendorError(error, 'rejected', 'forbidden')) return 'hidden';
    throw error;
  }
}
