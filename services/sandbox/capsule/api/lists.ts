import { isoSeconds } from '../../kernel/clock';
import { COUNTRIES } from '../countries';
import { addDefinition, definitionOf, deleteDefinition, updateDefinition } from '../definitions';
import { forbidden, invalid, notFound } from '../errors';
import { type Team, type User } from '../model';
import { viewDefinition, viewOwner, viewTag } from '../party-view';
import { addTag, deleteTag } from '../tags';
import { type Answer, type Call, created, listed, NO_CONTENT, ok, pageOf, pagingOf, wrapped } from './call';

/** GET /site: no id and no plan (§2). The address leads to the sandbox's own pages. */
export const showSite = (call: Call): Answer => {
  const { subdomain, name } = call.account.site;
  return ok({ site: { url: new URL(call.base).origin, subdomain, name } });
};

export const listUsers = (call: Call): Answer => ok({ users: call.account.users.map(viewUser) });
export const showCurrentUser = (call: Call): Answer => ok({ user: viewUser(call.user) });

export function showUser(call: Call): Answer {
  const user = call.account.user(Number(call.params.id));
  // `/users/me` is no route (SOIL §5).
  if (!user) throw notFound(/^\d+$/.test(call.params.id ?? '') ? 'user not found' : undefined);
  return ok({ user: viewUser(user) });
}

export function listTeams(call: Call): Answer {
  const paging = pagingOf(call);
  const withMembers = call.query.embed?.split(',').includes('memberships') ?? false;
  const teams = call.account.teams.map((team) => ({
    ...viewTeam(team),
    ...(withMembers
      ? { memberships: team.memberIds.map((id) => ({ user: viewOwner(call.account.user(id)) })) }
      : {}),
  }));
  return listed(call, 'teams', paging, pageOf(teams, paging));
}

/** Shape not found anywhere: rows with id and name, as other lists have. */
export const listTitles = (call: Call): Answer =>
  ok({ titles: call.account.titles.map((name, index) => ({ id: index + 1, name })) });

export const listCountries = (): Answer => ok({ countries: COUNTRIES });

export const listCurrencies = (): Answer => ok({ currencies: CURRENCIES });

export function listTags(call: Call): Answer {
  const paging = pagingOf(call);
  const found = pageOf([...call.account.tags.values()], paging);
  return listed(call, 'tags', paging, { ...found, items: found.items.map(viewTag) });
}

export function createTag(call: Call): Answer {
  const tag = addTag(call.account, wrapped(call, 'tag'));
  return created(call, `parties/tags/${tag.id}`, { tag: viewTag(tag) });
}

export function removeTag(call: Call): Answer {
  deleteTag(call.account, Number(call.params.id));
  return NO_CONTENT;
}

export function listDefinitions(call: Call): Answer {
  const paging = pagingOf(call);
  const found = pageOf([...call.account.definitions.values()], paging);
  const items = found.items.map((field) => viewDefinition(call.account, field));
  return listed(call, 'definitions', paging, { ...found, items });
}

export const showDefinition = (call: Call): Answer =>
  ok({ definition: viewDefinition(call.account, definitionOf(call.account, Number(call.params.id))) });

export function createDefinition(call: Call): Answer {
  requireAdministrator(call);
  const definition = addDefinition(call.account, wrapped(call, 'definition'));
  return created(call, `parties/fields/definitions/${definition.id}`, {
    definition: viewDefinition(call.account, definition),
  });
}

export function changeDefinition(call: Call): Answer {
  requireAdministrator(call);
  const id = Number(call.params.id);
  const definition = updateDefinition(call.account, id, wrapped(call, 'definition'));
  return ok({ definition: viewDefinition(call.account, definition) });
}

export function removeDefinition(call: Call): Answer {
  requireAdministrator(call);
  deleteDefinition(call.account, Number(call.params.id));
  return NO_CONTENT;
}

/** Notes only; exactly one record must be named (§6 Notes). Notes are not kept, only their effect. */
export function createEntry(call: Call): Answer {
  const { type, content, party } = wrapped(call, 'entry');
  if (type !== 'note') throw invalid({ message: 'type is invalid', resource: 'entry', field: 'type' });
  if (typeof content !== 'string' || content.trim() === '') {
    throw invalid({ message: 'content is required', resource: 'entry', field: 'content' });
  }
  const id = typeof party === 'object' && party !== null && 'id' in party ? party.id : undefined;
  if (typeof id !== 'number') {
    throw invalid({ message: 'entry must be linked to either a party, opportunity or kase' });
  }
  call.account.visibleParty(call.user, id);
  call.account.markContacted(id);
  const entryId = call.account.nextId('row');
  const at = isoSeconds(call.account.now());
  const entry = { id: entryId, type, content, party: { id }, creator: viewOwner(call.user), createdAt: at };
  return created(call, `entries/${entryId}`, { entry: { ...entry, updatedAt: at, entryAt: at } });
}

export function showJob(call: Call): Answer {
  const job = call.account.jobs.get(call.params.id ?? '');
  if (!job) throw notFound('job not found');
  return ok({ job });
}

/** That it takes an administrator is how the app has it; the API's answer is not known. */
function requireAdministrator({ user }: Call): void {
  if (!user.administrator) throw forbidden('only administrators can manage custom fields', 'access_denied');
}

/** No role or admin flag (§2 User fields). */
const viewUser = (user: User): Record<string, unknown> => ({
  id: user.id,
  username: user.username,
  name: user.name,
  party: null,
  locale: 'en_GB',
  timezone: 'Europe/London',
  currency: 'GBP',
});

const viewTeam = ({ id, name }: Team): Record<string, unknown> => ({
  id,
  name,
  createdAt: '2024-02-23T11:46:50Z',
  updatedAt: '2024-02-26T12:48:22Z',
});

/** A few of Capsule's about 80. */
const CURRENCIES = [
  { code: 'EUR', symbol: '€', name: 'Euro' },
  { code: 'GBP', symbol: '£', name: 'Pound Sterling' },
  { code: 'USD', symbol: '$', name: 'US Dollar' },
];
