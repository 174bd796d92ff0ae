import { z } from 'zod';
import 'zod-openapi';

/**
 * Every shape of the JSON API (design: gateway routes). Validation, the types of the routes and the OpenAPI
 * document all come from here.
 */

const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
const vendor = z.enum(['capsule', 'sage']);
const count = z.number().int().min(0);

export const Settings = z
  .object({
    defaultTeamId: z.number().int().nullable().meta({ description: 'Team of the contacts that are created' }),
    excludeSuppliers: z.boolean().meta({ description: 'Leave suppliers out' }),
    nearMatches: z.enum(['review', 'create']).meta({ description: 'What happens to possible matches' }),
    invoiceFields: z.boolean().meta({ description: 'Keep the Sage fields on the Capsule record' }),
    supplierFiguresForAll: z.boolean().meta({ description: "Show suppliers' figures to everybody" }),
  })
  .meta({ id: 'Settings' });

/** Settings left out keep their value. */
export const SettingsChange = Settings.partial().meta({ id: 'SettingsChange' });

export const ConnectionWish = z
  .object({
    businessId: z.string().min(1).max(100),
    confirmDifferentBusiness: z
      .boolean()
      .default(false)
      .meta({ description: 'The business is meant to differ from the one connected before' }),
  })
  .meta({ id: 'ConnectionWish' });

export const ConnectionStarted = z
  .object({ businessId: z.string(), tenantId: z.string() })
  .meta({ id: 'ConnectionStarted' });

export const Business = z
  .object({
    id: z.string(),
    name: z.string(),
    country: z.string().nullable().meta({ description: 'Null when not looked up' }),
    eligible: z
      .boolean()
      .nullable()
      .meta({ description: 'Null: more than 20 businesses, checked when chosen' }),
    reason: z.string().nullable().meta({ description: 'Why it cannot be connected' }),
  })
  .meta({ id: 'Business' });

export const Businesses = z.object({ businesses: z.array(Business) }).meta({ id: 'Businesses' });

const Import = z
  .object({
    ...{ total: count, done: count, linked: count, created: count },
    ...{ review: count, excluded: count, failed: count },
    etaSeconds: count.nullable().meta({ description: 'Null while nobody can tell' }),
    step: z.enum(['preparing', 'reading', 'matching', 'settling', 'done']).nullish(),
    startedAt: instant.nullish(),
    finishedAt: instant.nullish(),
    waitingUntil: instant.nullish().meta({ description: "Set while it waits for a vendor's limit" }),
    waitingFor: vendor.nullish(),
  })
  .meta({ id: 'Import' });

export const Status = z
  .object({
    tenantId: z.string(),
    phase: z.enum(['disconnected', 'importing', 'active', 'paused', 'reconnect', 'lapsed', 'breaker']),
    business: z.object({ id: z.string(), name: z.string(), country: z.string() }).nullable(),
    capsule: z.object({ siteName: z.string(), subdomain: z.string() }),
    import: Import,
    contacts: z.object({
      ...{ inSync: count, differs: count, excluded: count, review: count, failing: count },
    }),
    lastSync: instant.nullable(),
    nextSync: instant.nullable(),
    grants: z.array(
      z.object({ vendor, state: z.enum(['active', 'reconnect']), expiresAt: instant.nullable() }),
    ),
    quota: z.array(
      z.object({
        vendor,
        used: count,
        limit: count.meta({ description: '0: no limit known' }),
        resetsAt: instant.nullable(),
      }),
    ),
    problems: z.array(z.object({ code: z.string(), message: z.string(), since: instant })),
  })
  .meta({ id: 'Status' });

export const Review = z
  .object({
    id: z.string(),
    sageContactId: z.string(),
    name: z.string(),
    why: z.enum(['homonym', 'near', 'merged']),
    candidates: z.array(
      z.object({ partyId: z.number().int(), name: z.string(), email: z.string(), postcode: z.string() }),
    ),
  })
  .meta({ id: 'Review' });

export const Failure = z
  .object({
    id: z.string(),
    side: vendor,
    recordId: z.string(),
    name: z.string(),
    reason: z.string(),
    attempts: count,
    retryAt: instant.nullable().meta({ description: 'Null: when either record changes' }),
  })
  .meta({ id: 'Failure' });

export const ReviewDecision = z
  .object({
    decision: z.enum(['link', 'create', 'ignore']),
    partyId: z.number().int().positive().optional().meta({ description: 'With "link": the Capsule party' }),
  })
  .refine(({ decision, partyId }) => (decision === 'link') === (partyId !== undefined), {
    path: ['partyId'],
    message: 'belongs to the decision "link", and to no other',
  })
  .meta({ id: 'ReviewDecision' });

export const ReviewDecided = z
  .object({
    outcome: z.enum(['linked', 'created', 'ignored', 'accepted']).meta({
      description: 'accepted: Capsule has not said whether it made the contact; it is found out by itself',
    }),
    partyId: z.number().int().nullable(),
  })
  .meta({ id: 'ReviewDecided' });

/** `capsule-…` or `sage-…`, as lists of failures tell them. */
const failureId = z.string().regex(/^(capsule|sage)-[0-9A-Za-z-]{1,100}$/, 'is no id of a failure');

export const FailuresToRetry = z
  .object({
    ids: z.array(failureId).min(1).max(200).optional().meta({ description: 'Left out: all' }),
  })
  .meta({ id: 'FailuresToRetry' });

export const FailuresRetried = z
  .object({
    retried: count.meta({ description: 'Each is counted once in the figures that follow' }),
    ...{ linked: count, created: count, review: count, excluded: count },
    failed: count.meta({ description: 'Still set aside' }),
  })
  .meta({ id: 'FailuresRetried' });

/** A list that is walked by cursor. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Hand it back as `cursor`; null at the end' }),
  });

export const Reviews = listOf(Review).meta({ id: 'Reviews' });
export const Failures = listOf(Failure).meta({ id: 'Failures' });

export const ListQuery = z.object({
  cursor: z.string().max(500).optional().meta({ description: '`nextCursor` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const ProblemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

export type Status = z.infer<typeof Status>;
export type Review = z.infer<typeof Review>;
export type Failure = z.infer<typeof Failure>;
export type ReviewDecision = z.infer<typeof ReviewDecision>;
export type ReviewDecided = z.infer<typeof ReviewDecided>;
export type FailuresRetried = z.infer<typeof FailuresRetried>;
