import { type VNode } from 'preact';

import { Page, type VendorLook } from '../../kernel/page';

export const LOOK: VendorLook = {
  id: 'sage',
  name: 'Sage sandbox',
  nav: [
    { href: '/', label: 'Businesses' },
    { href: '/contacts', label: 'Contacts' },
    { href: '/requests', label: 'Requests' },
    { href: '/faults', label: 'Faults' },
  ],
};

/** A page that says one thing. */
export function MessagePage(props: { title: string; text: string }): VNode {
  return (
    <Page vendor={LOOK} title={props.title}>
      <p class="card">{props.text}</p>
    </Page>
  );
}
