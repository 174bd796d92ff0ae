import { type VNode } from 'preact';

import { type Contact } from '../records';

/** Signs of a contact that is not like the others. */
export function Flags({ contact }: { contact: Contact }): VNode {
  const flags = [
    contact.system && 'system',
    contact.gdpr_obfuscated && 'erased',
    !contact.is_active && 'inactive',
    contact.deletedAt !== null && 'deleted',
  ].filter((flag) => flag !== false);
  return (
    <>
      {flags.map((flag) => (
        <>
          {' '}
          <span class="tag">{flag}</span>
        </>
      ))}
    </>
  );
}
