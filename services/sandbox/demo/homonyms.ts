import { contactOf, partyOf } from './records';
import { type Case } from './scene';

/** Several of one name, on either side; told apart by e-mail or postcode, or not at all. */
export function homonyms(): Case[] {
  const unknown = { email: undefined, address: undefined };
  return [
    {
      plan: 'homonym-email',
      contacts: 1,
      parties: 2,
      make: (plan, cast, random) => {
        const who = cast.organisation();
        const other = cast.namesake(who);
        return { contacts: [contactOf(who, plan)], parties: [partyOf(other, random), partyOf(who, random)] };
      },
    },
    {
      plan: 'homonym-postcode',
      contacts: 1,
      parties: 2,
      make: (plan, cast, random) => {
        const who = cast.person();
        const parties = [who, cast.namesake(who)].map((one) => partyOf(one, random, { email: undefined }));
        return { contacts: [contactOf(who, plan, { email: '' })], parties };
      },
    },
    {
      plan: 'homonym-undecided',
      contacts: 1,
      parties: 2,
      make: (plan, cast, random) => {
        const who = cast.person();
        const parties = [partyOf(cast.namesake(who), random, unknown), partyOf(cast.namesake(who), random)];
        return { contacts: [contactOf(who, plan)], parties };
      },
    },
    {
      plan: 'homonym-contacts-email',
      contacts: 2,
      parties: 1,
      make: (plan, cast, random) => {
        const who = cast.organisation();
        const contacts = [contactOf(cast.namesake(who), plan), contactOf(who, plan)];
        return { contacts, parties: [partyOf(who, random)] };
      },
    },
    {
      plan: 'homonym-contacts-undecided',
      contacts: 2,
      parties: 1,
      make: (plan, cast, random) => {
        const who = cast.organisation();
        const contacts = [contactOf(who, plan), contactOf(cast.namesake(who), plan)];
        return { contacts, parties: [partyOf(who, random, unknown)] };
      },
    },
    {
      plan: 'homonym-both-sides',
      contacts: 2,
      parties: 2,
      make: (plan, cast, random) => {
        const who = cast.person();
        const pairs = [who, cast.namesake(who)];
        return {
          contacts: pairs.map((one) => contactOf(one, plan)),
          parties: pairs.map((one) => partyOf(one, random)),
        };
      },
    },
    {
      plan: 'homonym-contacts-new',
      contacts: 2,
      parties: 0,
      make: (plan, cast) => {
        const who = cast.organisation();
        return { contacts: [who, cast.namesake(who)].map((one) => contactOf(one, plan)), parties: [] };
      },
    },
  ];
}
