import { type VNode } from 'preact';
import { type ContactState } from '../../contact-state';
import { contactsHref } from '../contacts';
import { number } from '../format';
import { type SettingsModel } from '../models';
import { STATES } from '../states';

const SHOWN: readonly ContactState[] = ['inSync', 'differs', 'review', 'failing', 'excluded'];

/** How many contacts are in which state; each leads to them. */
export function StatesCard({ status }: SettingsModel): VNode {
  return (
    <section class="card" id="states" aria-labelledby="states-title">
      <div class="row">
        <h2 id="states-title">Contacts</h2>
        <a href="/contacts">Find a contact</a>
      </div>
      <ul class="counts">
        {SHOWN.map((state) => (
          <li key={state} class={status.contacts[state] > 0 ? `count state-${state}` : 'count'}>
            <a href={contactsHref({ state })}>
              <strong data-state={state}>{number(status.contacts[state])}</strong> {STATES[state]}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
