import { type VendorLook } from '../../kernel/page';

export const LOOK: VendorLook = {
  id: 'capsule',
  name: 'Capsule sandbox',
  nav: [
    { href: '/', label: 'Overview' },
    { href: '/parties', label: 'Contacts' },
    { href: '/apps', label: 'Apps and hooks' },
    { href: '/requests', label: 'Requests' },
    { href: '/faults', label: 'Faults' },
  ],
};
