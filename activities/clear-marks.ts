import { type CapsuleClient, type PartyEdit, type PartyRead } from '../shared/capsule/client';
import { isVendorError } from '../shared/http/vendor-error';
import { sageContactOfMarker } from '../shared/ids';
import { type CapsuleAccount, type FigureFields } from '../shared/store/accounts';

export interface Marks {
  /** The Sage contact that is gone. */
  sageContactId: string;
  /** Another one to which the party is still linked: the fields name that one from now on. */
  other: { id: string; reference: string } | null;
}

/**
 * Takes off a party what names a Sage contact that is gone (R19): its website row, the values of our fields and
 * their tag. What bears nothing of it is not written.
 * @param beforeClearing told when something is about to be taken off
 * @returns whether anything was taken off; the vendor's reason when it refuses that
 * @throws VendorError when Capsule takes no requests now
 */
export async function clearMarks(
  capsule: CapsuleClient,
  { party, tags }: PartyRead,
  marks: Marks,
  { fields, figures }: CapsuleAccount,
  publicUrl: string,
  beforeClearing: () => Promise<void> = () => Promise.resolve(),
): Promise<{ cleared: boolean } | { refused: string }> {
  const isTheirs = (address: string) => sageContactOfMarker(publicUrl, address) === marks.sageContactId;
  try {
    const rows = party.websites.some(isTheirs) ? await capsule.listWebsiteRows(party.id) : [];
    const removeWebsites = rows.filter(({ address }) => isTheirs(address)).map(({ id }) => id);
    const tagged = fields.tagId !== null && tags.some(({ id }) => id === fields.tagId);
    const edit: PartyEdit = {
      removeWebsites,
      ...(tagged ? fieldsEdit(marks.other, fields, figures?.ids ?? null) : {}),
    };
    if (removeWebsites.length === 0 && !tagged) return { cleared: false };
    await beforeClearing();
    await capsule.editParty(party.id, edit);
    return { cleared: true };
  } catch (error) {
    if (isVendorError(error, 'missing')) return { cleared: false };
    if (!isVendorError(error, 'rejected', 'forbidden', 'conflict')) throw error;
    return { refused: error.reason };
  }
}

function fieldsEdit(
  other: Marks['other'],
  { sageId, sageReference, tagId }: CapsuleAccount['fields'],
  figures: FigureFields['ids'],
): PartyEdit {
  const ids = [sageId, sageReference].filter((id) => id !== null);
  // What another contact comes to is told by the figures themselves.
  const all = figures ? [...ids, figures.balance, figures.overdue, figures.invoices] : ids;
  if (!other) return { removeTagIds: tagId === null ? [] : [tagId], clearFields: all };
  const values = [
    { id: sageId, value: other.id },
    { id: sageReference, value: other.reference },
  ].flatMap(({ id, value }) => (id === null ? [] : [{ id, value }]));
  return {
    fields: values.filter(({ value }) => value !== ''),
    clearFields: values.filter(({ value }) => value === '').map(({ id }) => id),
  };
}
