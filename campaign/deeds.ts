import { type Field, type Side, type Typed } from './plan';

/** What people have done in a run, for the judge; times are milliseconds of this machine's clock. */
export type Deed = { at: number } & (
  | { did: 'made'; side: Side; id: string; typed: Typed; inWorld: boolean }
  | { did: 'edited'; side: Side; id: string; field: Field; value: string }
  | { did: 'deleted'; side: Side; id: string }
  | { did: 'tagged'; id: string }
  /** The gateway said that the party is in Sage as this contact. */
  | { did: 'added'; id: string; contact: string }
  /** Asked of the gateway, which need not have done it: `since` is when. */
  | { did: 'unlinked' | 'pushed' | 'linked' | 'wantsAdded'; id: string; since: number }
  /** Nobody was connected for a while; `links` are those that lived then, `wrote` is what was sent nevertheless. */
  | { did: 'away'; clearFields: boolean; links: { contact: string; party: string }[]; wrote: string[] }
  | { did: 'decided'; contact: string; decision: string; since: number }
);
