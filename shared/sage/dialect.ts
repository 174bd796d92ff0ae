import { z } from 'zod';
import { type VendorDialect } from '../http/vendor-http';

/** How Sage says no (reference sage-api §4 Errors): an array of entries, or a single one. */

const entry = z.object({
  $dataCode: z.string().nullish(),
  $message: z.string().nullish(),
  $source: z.string().nullish(),
});

export const sageDialect: VendorDialect = {
  vendor: 'sage',

  readFailure(status, answer) {
    const entries = read(answer);
    const reason = describe(entries) || `status ${status}`;
    // A 401 with this text is a lapsed subscription: refreshing the token will not help (A).
    if (status === 401 && /subscription/i.test(reason)) return { kind: 'lapsed', reason };
    switch (status) {
      case 401:
        return { kind: 'unauthorised', reason };
      case 403:
        return { kind: 'forbidden', reason };
      case 404:
        return { kind: 'missing', reason };
      default:
        return { kind: 'rejected', reason };
    }
  },

  // Sage documents no quota headers; 429 may carry Retry-After, which every vendor call reads (§6).
  readLimits: () => ({}),
};

function read(answer: unknown): z.infer<typeof entry>[] {
  const parsed = z.union([z.array(entry), entry.transform((one) => [one])]).safeParse(answer);
  return parsed.success ? parsed.data : [];
}

function describe(entries: z.infer<typeof entry>[]): string {
  return entries
    .map(({ $source, $message }) => {
      const place = $source && $source !== 'base' ? `${$source}: ` : '';
      return `${place}${$message ?? ''}`;
    })
    .filter((line) => line !== '')
    .join('; ');
}
