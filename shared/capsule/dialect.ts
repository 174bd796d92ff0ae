import { z } from 'zod';
import { type VendorDialect } from '../http/vendor-http';

/** How Capsule says no, and how it tells its limits (reference capsule-api §3 Errors, §7). */

const body = z.object({
  message: z.string().optional(),
  error: z.string().optional(),
  errors: z
    .array(
      z
        .object({ message: z.string(), resource: z.string().optional(), field: z.string().optional() })
        .partial(),
    )
    .optional(),
});

export const capsuleDialect: VendorDialect = {
  vendor: 'capsule',

  readFailure(status, answer) {
    const reason = describe(answer) || `status ${status}`;
    switch (status) {
      case 401:
        return { kind: 'unauthorised', reason };
      case 403:
        return { kind: 'forbidden', reason };
      case 404:
      case 410:
        return { kind: 'missing', reason };
      case 409:
        return { kind: 'conflict', reason };
      default:
        return { kind: 'rejected', reason };
    }
  },

  readLimits(headers) {
    const limit = Number(headers['x-ratelimit-limit']);
    const remaining = Number(headers['x-ratelimit-remaining']);
    const reset = Number(headers['x-ratelimit-reset']);
    if (!Number.isFinite(limit) || !Number.isFinite(remaining) || !Number.isFinite(reset)) return {};
    return { limit, remaining, resetAt: reset * 1000 };
  },
};

/** "name: name is required; address.country: unknown country": field names and the vendor's text, no values. */
function describe(answer: unknown): string {
  const parsed = body.safeParse(answer);
  if (!parsed.success) return '';
  const { errors, message, error } = parsed.data;
  if (!errors || errors.length === 0) return message ?? error ?? '';
  return errors
    .map(({ resource, field, message: text }) => {
      const place = [resource, field].filter(Boolean).join('.');
      return place ? `${place}: ${text ?? ''}` : (text ?? '');
    })
    .join('; ');
}
