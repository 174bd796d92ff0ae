import {
  type MatchDecision,
  type MatchSettings,
  type PartyCandidate,
  type SageCandidate,
} from '../../../shared/domain/matching';
import { compareNames, readName } from '../../../shared/domain/names';

/** The rules R6–R9 word by word, every contact against every party: what planMatches must agree with. */
export function planNaively(
  sage: readonly SageCandidate[],
  parties: readonly PartyCandidate[],
  { nearMatches }: MatchSettings,
): MatchDecision[] {
  const decided = new Map<string, MatchDecision>();
  const sageName = ({ name }: SageCandidate) => readName(name, 'sage');
  const partyName = ({ name, type, title }: PartyCandidate) => readName(name, type, title);
  const how = (s: SageCandidate, p: PartyCandidate) => compareNames(sageName(s), partyName(p));
  const linked = (s: SageCandidate) => decided.get(s.id)?.outcome === 'link';
  const link = (s: SageCandidate, partyId: number, because: 'marker' | 'name' | 'email' | 'postcode') =>
    decided.set(s.id, { sageContactId: s.id, outcome: 'link', partyId, because });
  const review = (
    s: SageCandidate,
    why: 'homonym' | 'near',
    ps: PartyCandidate[],
    made: SageCandidate[] = [],
  ) =>
    decided.set(s.id, {
      sageContactId: s.id,
      outcome: 'review',
      why,
      partyIds: ps.map(({ id }) => id).sort((a, b) => a - b),
      createdFor: made.map(({ id }) => id),
    });

  const markedBy = (p: PartyCandidate, kind: string) =>
    sage.filter((s) => s.kind === kind && p.marks.includes(s.id));
  for (const s of sage) {
    const bearers = parties.filter((p) => p.marks.includes(s.id));
    const [only] = bearers;
    if (!only) continue;
    const clear =
      bearers.length === 1 && markedBy(only, s.kind).length === 1 && !only.linkedKinds.includes(s.kind);
    if (clear) link(s, only.id, 'marker');
    else review(s, 'homonym', bearers);
  }
  const free = (p: PartyCandidate, s: SageCandidate) =>
    !p.linkedKinds.includes(s.kind) && markedBy(p, s.kind).length === 0;
  const rivals = (s: SageCandidate) => sage.filter((one) => one.kind === s.kind && !linked(one));

  for (const s of sage.filter(({ id }) => !decided.has(id))) {
    const exact = parties.filter((p) => how(s, p) === 'exact');
    const [only] = exact;
    if (!only || exact.length > 1 || !free(only, s)) continue;
    if (rivals(s).every((one) => one === s || how(one, only) !== 'exact')) link(s, only.id, 'name');
  }
  const fold = (text: string) => text.replace(/\s/g, '').toLowerCase();
  const sameEmail = (s: SageCandidate, p: PartyCandidate) =>
    s.email !== '' && p.emails.some((email) => fold(email) === fold(s.email));
  const samePostcode = (s: SageCandidate, p: PartyCandidate) =>
    s.postcode !== '' && p.postcodes.some((postcode) => fold(postcode) === fold(s.postcode));
  const agree = (s: SageCandidate, p: PartyCandidate) =>
    how(s, p) === 'exact' && free(p, s) && (sameEmail(s, p) || samePostcode(s, p));
  const pairs = sage
    .filter(({ id }) => !decided.has(id))
    .flatMap((s) => parties.filter((p) => agree(s, p)).map((p) => ({ s, p })))
    .filter(
      ({ s, p }) =>
        parties.filter((one) => agree(s, one)).length === 1 &&
        rivals(s).filter((one) => agree(one, p)).length === 1,
    );
  for (const { s, p } of pairs) link(s, p.id, sameEmail(s, p) ? 'email' : 'postcode');

  for (const s of sage.filter(({ id }) => !decided.has(id))) {
    const exact = parties.filter((p) => how(s, p) === 'exact');
    const near = nearMatches === 'review' ? parties.filter((p) => how(s, p) === 'near') : [];
    if (exact.length > 0) review(s, 'homonym', exact);
    else if (near.length > 0) review(s, 'near', near);
  }
  const made: { by: SageCandidate; kinds: string[] }[] = [];
  const age = (s: SageCandidate) => `${s.createdAt} ${s.id}`;
  for (const s of sage.filter(({ id }) => !decided.has(id)).sort((a, b) => (age(a) < age(b) ? -1 : 1))) {
    const like = (wanted: string) =>
      made.filter(({ by }) => compareNames(sageName(by), sageName(s)) === wanted);
    const exact = like('exact');
    const near = nearMatches === 'review' ? like('near') : [];
    const [only] = exact;
    const others = rivals(s).filter(
      (one) => one !== s && only && compareNames(sageName(one), sageName(only.by)) === 'exact',
    );
    if (!only && near.length > 0)
      review(
        s,
        'near',
        [],
        near.map(({ by }) => by),
      );
    else if (!only) {
      decided.set(s.id, { sageContactId: s.id, outcome: 'create' });
      made.push({ by: s, kinds: [s.kind] });
    } else if (exact.length === 1 && !only.kinds.includes(s.kind) && others.length === 0) {
      decided.set(s.id, { sageContactId: s.id, outcome: 'linkToCreated', createdFor: only.by.id });
      only.kinds.push(s.kind);
    } else
      review(
        s,
        'homonym',
        [],
        exact.map(({ by }) => by),
      );
  }
  return sage.map(({ id }) => decided.get(id)!);
}
