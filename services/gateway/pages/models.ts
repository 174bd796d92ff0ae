import {
  type ContactKind,
  type ImportCounts,
  type SyncPhase,
  type TenantSettings,
} from '../../../shared/domain/types';
import { type Breaker } from '../../../shared/store/breakers';
import { type FailedWork } from '../../../shared/store/failures';
import { type Run } from '../../../shared/store/runs';
import { type ImportStep } from '../../../shared/store/tenants';
import { type Ignored } from '../api/ignored-schemas';
import { type SageCandidates } from '../api/contact-command-schemas';
import { type LedgersView, type ListPosition } from '../contact-ledgers';
import { type ContactRow } from '../contact-rows';
import { type PartyView, type SageView } from '../contact-view';
import { type ContactFilter } from '../contacts';
import { type RunLine } from '../runs';

/**
 * What the pages show. Every render function is pure: the same model gives the same HTML. Instants are
 * ISO 8601 UTC texts, as in the JSON API; the pages show them in UK time.
 */

export type Vendor = 'capsule' | 'sage';

/** The person who is signed in. `administrator` decides what may be changed (R5). */
export interface Viewer {
  name: string;
  administrator: boolean;
}

/** The Capsule account that the viewer signed in to. */
export interface Account {
  siteName: string;
  /** First label of the account's web address, as in `demo` of demo.capsulecrm.com. */
  subdomain: string;
}

/** The figures of `GET /api/status` about the last or running import. All zero before the first one. */
export interface ImportStatus extends ImportCounts {
  /** Seconds until the end; null while nobody can tell. */
  etaSeconds: number | null;
  step?: ImportStep | null;
  startedAt?: string | null;
  finishedAt?: string | null;
  /** Set while the import waits for a vendor's limit (R30). */
  waitingUntil?: string | null;
  /** Whose limit; where it is left out the page names neither vendor. */
  waitingFor?: Vendor | null;
}

export interface GrantStatus {
  vendor: Vendor;
  /** `reconnect`: the vendor refuses it, an administrator has to connect again (R25). */
  state: 'active' | 'reconnect';
  /** When it would end if nobody used it; null when the vendor does not say. */
  expiresAt: string | null;
}

export interface QuotaStatus {
  vendor: Vendor;
  used: number;
  /** 0 means no limit of our own. */
  limit: number;
  resetsAt: string | null;
}

/** The JSON of `GET /api/status` and of each message of `GET /api/events` (design §4). */
export interface StatusModel {
  tenantId: string;
  phase: SyncPhase;
  business: { id: string; name: string; country: string } | null;
  capsule: Account;
  import: ImportStatus;
  contacts: { inSync: number; differs: number; excluded: number; review: number; failing: number };
  lastSync: string | null;
  nextSync: string | null;
  grants: GrantStatus[];
  quota: QuotaStatus[];
  problems: { code: string; message: string; since: string }[];
}

/** What every page of somebody who is signed in shows beside its own. */
export interface Frame {
  viewer: Viewer;
  tenant: Account;
  phase: SyncPhase;
  /** How many contacts wait for a person. */
  waiting: { review: number; failing: number };
}

/** A sentence shown once after a redirect, such as "Your settings are saved." */
export interface Flash {
  kind: 'success' | 'error';
  text: string;
}

/** Of a queue: how many wait, and the first few. */
export interface Preview<Item> {
  count: number;
  items: Item[];
}

/** The home page of somebody who is signed in. */
export interface SettingsModel {
  viewer: Viewer;
  tenant: Account;
  status: StatusModel;
  /** Null when not connected. */
  connection: { connectedAt: string; connectedBy: string } | null;
  settings: TenantSettings;
  /** Null when they could not be read; the choice made earlier is then kept. */
  teams: { id: number; name: string }[] | null;
  reviews: Preview<{ name: string; why: 'homonym' | 'near' | 'merged' }>;
  failures: Preview<{ name: string; reason: string }>;
  flash: Flash | null;
  /** R28: what a pass asks that has stopped; null when none has. */
  breaker: Pick<Breaker, 'unlinks' | 'recreates' | 'links' | 'run'> | null;
  /** The tenant's workflow in the Temporal UI, for administrators; null hides the link. */
  temporalUiUrl: string | null;
  now: Date;
}

/** A Capsule contact that may be the same customer. */
export interface CandidateItem {
  partyId: number;
  name: string;
  email: string;
  postcode: string;
  /** Name of the Sage contact of the same kind that it is linked with by now; null when it is free. */
  takenBy: string | null;
}

/** A Sage contact that waits for a decision. */
export interface ReviewItem {
  id: string;
  name: string;
  kind: ContactKind;
  why: 'homonym' | 'near' | 'merged';
  email: string;
  postcode: string;
  candidates: CandidateItem[];
}

/** A page of a queue that is walked by key. */
interface QueueModel<Item> extends Frame {
  items: Item[];
  /** How many wait in all. */
  count: number;
  /** Of this page; null on the first one. Forms hand it back, so that one stays where one was. */
  cursor: string | null;
  nextCursor: string | null;
  flash: Flash | null;
}

export type ReviewsModel = QueueModel<ReviewItem>;

export interface FailureItem {
  /** As in the API. */
  id: string;
  name: string;
  /** What could not be done. */
  work: FailedWork;
  /** Address of the contact's page; null where the viewer has none (R31). */
  href: string | null;
  reason: string;
  attempts: number;
  failedAt: string;
}

export type FailuresModel = QueueModel<FailureItem> & { now: Date };

/** A page of contacts. */
export interface ContactsModel extends Frame {
  items: ContactRow[];
  nextCursor: string | null;
  cursor: string | null;
  /** Null: all that Sage has. */
  state: ContactFilter | null;
  q: string;
  /** For administrators; the rest is not counted. */
  counts: { differs: number; excluded: number; review: number; failing: number } | null;
  now: Date;
}

export interface ContactModel extends Frame, PartyView {
  ledgers: LedgersView;
  /** Set where a list of documents does not begin with its latest. */
  position: ListPosition | null;
  /** Its page in Capsule. */
  capsuleUrl: string;
  /** Of the history. */
  cursor: string | null;
  flash: Flash | null;
  /** R17: to choose from. */
  candidates: SageCandidates['candidates'] | null;
  now: Date;
}

export interface SageContactModel extends Frame, SageView {
  cursor: string | null;
  flash: Flash | null;
  now: Date;
}

export interface RunsModel extends Frame {
  items: Run[];
  nextCursor: string | null;
  cursor: string | null;
  now: Date;
}

export interface RunModel extends Frame {
  run: Run;
  items: RunLine[];
  nextCursor: string | null;
  cursor: string | null;
  now: Date;
}

export interface IgnoredModel extends Frame {
  items: Ignored[];
  nextCursor: string | null;
  cursor: string | null;
  flash: Flash | null;
}

export interface BusinessChoice {
  id: string;
  name: string;
  /** Full name of the country; null when it was not looked up (more than 20 businesses, R4). */
  country: string | null;
  /** Null: checked only when chosen. */
  eligible: boolean | null;
  /** Why not, in plain words; null when eligible or not looked up. */
  reason: string | null;
}

/** Choose-a-business (R4). All businesses are given; the page does the filtering by `query`. */
export interface BusinessesModel {
  viewer: Viewer;
  tenant: Account;
  businesses: BusinessChoice[];
  /** The `q` of the address; empty shows all. */
  query: string;
  /** Set when the chosen business is not the one connected before (R24): asks for a confirmation. */
  confirmation: { businessId: string; businessName: string; previousName: string } | null;
  flash: Flash | null;
}

/** A button. `post` makes it a form post without fields, anything else is a link. */
export interface Action {
  label: string;
  href: string;
  method?: 'get' | 'post';
}

/** Every refusal and error: what happened, and what the reader can do. */
export interface MessageModel {
  /** HTTP status. From 500 on it is shown, and the picture is graver. */
  status: number;
  title: string;
  paragraphs: string[];
  action: Action;
  secondaryAction?: Action;
  /** Left out when nobody is signed in. */
  viewer?: Viewer;
}

export interface LandingModel {
  /** Said above the button, such as "You are signed out." */
  flash: Flash | null;
}

/** The reference at `/docs`, made from an OpenAPI 3.1 document as `/openapi.json` serves it. */
export interface ApiDocsModel {
  document: object;
}
