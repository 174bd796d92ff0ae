import { type Evidence } from './evidence';

type Connection = Pick<Evidence, 'deeds' | 'links' | 'grantsDied' | 'revoked' | 'problems'>;

/** R23–R25: what ends a connection, and what stands when it has begun again. */
export function judgeConnection({ deeds, links, grantsDied, revoked, problems }: Connection): string[] {
  const aways = deeds.filter((deed) => deed.did === 'away');
  return [
    ...grantsDied
      .filter((side) => !revoked.includes(side))
      .map((side) => `R25 the grant of ${side} died although nobody ended it`),
    ...problems.map((code) => `R25 everything works, and people are still told of "${code}"`),
    ...aways.flatMap(({ wrote, clearFields }) =>
      wrote
        .filter((write) => !(clearFields && /^PUT \/api\/v2\/parties\/\d+$/.test(write)))
        .map((write) => `R23 sent after the connection had ended: ${write}`),
    ),
    ...aways.flatMap((away) =>
      away.links
        .filter(({ contact, party }) => !endedByPeople(contact, party, deeds))
        .filter(
          (link) =>
            !links.some((one) => one.live && one.contact === link.contact && one.party === link.party),
        )
        .map(({ contact, party }) => `R24 the link of ${contact} and party ${party} was not taken up again`),
    ),
  ];
}

/** Somebody deleted either, or said what is to become of one of them. */
const endedByPeople = (contact: string, party: string, deeds: Evidence['deeds']): boolean =>
  deeds.some(
    (deed) =>
      (deed.did === 'decided' && deed.contact === contact) ||
      ((deed.did === 'deleted' || deed.did === 'unlinked' || deed.did === 'linked') &&
        (deed.id === contact || deed.id === party)),
  );
