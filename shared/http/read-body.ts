import { type z } from 'zod';
import { type Vendor } from '../ids';
import { VendorError } from './vendor-error';
import { type VendorResponse } from './vendor-http';

/**
 * Reads what a vendor answered to a request that changes nothing.
 * @throws VendorError `unavailable` when the answer has another form: the vendor may be itself again later
 */
export function readBody<Wire>(vendor: Vendor, shape: z.ZodType<Wire>, response: VendorResponse): Wire {
  const { data, success } = shape.safeParse(response.body);
  if (success) return data;
  throw unreadable(vendor, response, 'unavailable');
}

/** Reads the answer to a write. @throws VendorError `outcomeUnknown`: it said yes, but not to what */
export function readWritten<Wire>(vendor: Vendor, shape: z.ZodType<Wire>, response: VendorResponse): Wire {
  const { data, success } = shape.safeParse(response.body);
  if (success) return data;
  throw unreadable(vendor, response, 'outcomeUnknown');
}

const unreadable = (vendor: Vendor, { status }: VendorResponse, kind: 'unavailable' | 'outcomeUnknown') =>
  new VendorError({ kind, vendor, status, reason: 'its answer could not be read' });
