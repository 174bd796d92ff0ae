import { type VNode } from 'preact';
import { type ContactState } from '../contact-state';

/** The states of a contact as people read them. */
export const STATES: Record<ContactState, string> = {
  inSync: 'In step',
  differs: 'Differs in Sage',
  review: 'Waits for a decision',
  failing: 'Set aside',
  excluded: 'Left out',
};

export const KINDS = { CUSTOMER: 'Customer', VENDOR: 'Supplier' } as const;

export function StateBadge({ state, partyOnly }: { state: ContactState; partyOnly?: boolean }): VNode {
  const words = partyOnly && state === 'excluded' ? 'Not in Sage' : STATES[state];
  return <span class={`badge state-${state}`}>{words}</span>;
}
