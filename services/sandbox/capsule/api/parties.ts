import { isoSeconds } from '../../kernel/clock';
import { invalid, notFound } from '../errors';
import { compileFilter, compileSearch } from '../filters';
import { type Party } from '../model';
import { type PartyInput } from '../party-input';
import { type PageOf } from '../party-store';
import { type Embeds, viewParty } from '../party-view';
import {
  type Answer,
  type Call,
  created,
  listed,
  NO_CONTENT,
  ok,
  pageOf,
  pagingOf,
  sinceOf,
  wrapped,
} from './call';

/** A multiple read takes no more ids than this (§4, SOIL §12). */
const MAX_IDS = 10;

export function listParties(call: Call): Answer {
  const { account, user } = call;
  const paging = pagingOf(call);
  const since = sinceOf(call);
  const seesAll = user.administrator && account.restricted.size === 0;
  // Inclusive at whole seconds (§4 `since` edge).
  const from = since === undefined ? -Infinity : Math.floor(since / 1000) * 1000;
  const keep = (party: Party): boolean => party.updatedAt >= from && account.canSee(user, party);
  const { page, perPage } = paging;
  const found = account.parties.page(page, perPage, since === undefined && seesAll ? undefined : keep);
  return listed(call, 'parties', paging, viewed(call, found));
}

/** One party, or up to ten of them separated by commas; of ten, missing ones are left out (unknown, §4). */
export function showParties(call: Call): Answer {
  const ids = (call.params.id ?? '').split(',').map(partyId);
  const embeds = embedsOf(call);
  if (ids.length > MAX_IDS) throw invalid({ message: 'too many ids' });
  if (ids.length === 1) {
    const party = call.account.visibleParty(call.user, ids[0]!);
    return ok({ party: viewParty(call.account, party, embeds) });
  }
  const parties = ids
    .map((id) => call.account.parties.get(id))
    .filter((party) => party !== undefined)
    .filter((party) => call.account.canSee(call.user, party));
  return ok({ parties: parties.map((party) => viewParty(call.account, party, embeds)) });
}

export function createParty(call: Call): Answer {
  const party = call.account.createParty(wrapped(call, 'party'), call.user);
  return created(call, `parties/${party.id}`, { party: viewParty(call.account, party, embedsOf(call)) });
}

export function updateParty(call: Call): Answer {
  const input = wrapped(call, 'party') as PartyInput;
  const party = call.account.updateParty(partyId(call.params.id), input, call.user);
  return ok({ party: viewParty(call.account, party, embedsOf(call)) });
}

/** 204, or 202 with a job while the organisation is still there to be read (§3 Delete). */
export function deleteParty(call: Call): Answer {
  const { account, user } = call;
  const { id } = account.visibleParty(user, partyId(call.params.id));
  if (account.parties.peopleOf(id).length >= account.quirks.jobFromPeople) {
    const job = account.jobs.start('Deleting Party', () => {
      account.deleteParty(id);
    });
    return { status: 202, headers: { Location: `${call.base}/jobs/${job}` } };
  }
  account.deleteParty(id);
  return NO_CONTENT;
}

/** `since` must be given; `restrictedParties` are those that the user may no longer see (§4). */
export function listDeletedParties(call: Call): Answer {
  const { account, user } = call;
  const since = sinceOf(call);
  if (since === undefined) throw invalid({ message: 'since is required', field: 'since' });
  const from = Math.floor(since / 1000) * 1000;
  const paging = pagingOf(call);
  const deleted = [...account.parties.deleted()]
    .filter(({ deletedAt }) => deletedAt >= from)
    .map(({ party, deletedAt }) => ({ id: party.id, deletedAt: isoSeconds(deletedAt) }));
  const answer = listed(call, 'parties', paging, pageOf(deleted, paging));
  const hidden = [...account.parties.all()].filter((party) => !account.canSee(user, party));
  Object.assign(answer.body as object, { restrictedParties: hidden.map(restricted) });
  return answer;
}

export function searchParties(call: Call): Answer {
  const { q } = call.query;
  if (!q?.trim()) throw invalid({ message: 'q is required', field: 'q' });
  return fromIndex(call, compileSearch(q));
}

export const filterParties = (call: Call): Answer => fromIndex(call, compileFilter(call.account, call.body));

/** Employees; `[]` of a person (§4). */
export function listPeople(call: Call): Answer {
  const { id } = call.account.visibleParty(call.user, partyId(call.params.id));
  const paging = pagingOf(call);
  const people = call.account.parties.peopleOf(id).filter((party) => call.account.canSee(call.user, party));
  return listed(call, 'parties', paging, viewed(call, pageOf(people, paging)));
}

/** Reads what search and filters see, which lags behind writes. */
function fromIndex(call: Call, matches: (party: Party) => boolean): Answer {
  const paging = pagingOf(call);
  const from = (paging.page - 1) * paging.perPage;
  const items: Party[] = [];
  let seen = 0;
  for (const party of call.account.parties.indexed(call.account.clock.now())) {
    if (!matches(party) || !call.account.canSee(call.user, party)) continue;
    if (seen++ >= from) items.push(party);
    if (items.length > paging.perPage) break;
  }
  const found = { items: items.slice(0, paging.perPage), hasMore: items.length > paging.perPage };
  return listed(call, 'parties', paging, viewed(call, found));
}

function viewed(call: Call, found: PageOf<Party>): PageOf<unknown> {
  const embeds = embedsOf(call);
  return { ...found, items: found.items.map((party) => viewParty(call.account, party, embeds)) };
}

const embedsOf = (call: Call): Embeds => new Set(call.query.embed?.split(','));

/** A path that is no id is no route. */
function partyId(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

const restricted = ({ id, type }: Party): Record<string, unknown> => ({
  id,
  type,
  ...(type === 'person' ? { firstName: null, lastName: 'Private' } : { name: 'Private' }),
  pictureURL: 'https://facehub.capsule.run/default/person?text=P&size=100',
  isRestricted: true,
});
