import { type Vendor } from '../models';

/** As people call them on the pages. */
export const VENDORS: Record<Vendor, string> = { capsule: 'Capsule', sage: 'Sage' };
