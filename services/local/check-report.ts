/** What the two sandboxes hold and what our store and status claim about it. Only the demo business counts. */
export interface Evidence {
  /** Base of the markers, `<publicUrl>/s/<sageContactId>`. */
  publicUrl: string;
  /** Live contacts in the Sage sandbox. */
  sageContactIds: readonly string[];
  /** Live parties in the Capsule sandbox: how many there were before the import, and all after it. */
  partiesBefore: number;
  parties: readonly { id: number; websites: readonly string[] }[];
  links: readonly { sageContactId: string; partyId: number; origin: string }[];
  /** Sage contact ids by what became of them, as the store has it. */
  review: readonly string[];
  failed: readonly string[];
  excluded: readonly string[];
  status: {
    total: number;
    linked: number;
    created: number;
    review: number;
    excluded: number;
    failed: number;
  };
}

export interface ReportLine {
  what: string;
  figure: string;
  /** What is wrong, a sentence each; empty: holds. */
  wrong: string[];
}

const OUTCOMES = ['linked', 'created', 'review', 'excluded', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Compares; each line of the report is one claim. Pure. */
export function checkReport(evidence: Evidence): ReportLine[] {
  const outcomes = outcomesOf(evidence);
  return [
    everyContactOnce(evidence, outcomes),
    ...OUTCOMES.map((outcome) => statusSays(evidence, outcome, outcomes)),
    totalIsSum(evidence),
    linkedPartiesExist(evidence),
    createdHaveTheirParty(evidence),
    noStrayMarkers(evidence),
    partiesAddUp(evidence),
  ];
}

export const allHolds = (lines: readonly ReportLine[]): boolean =>
  lines.every(({ wrong }) => wrong.length === 0);

/** The report as an aligned table; of each fault the first few. */
export function renderReport(lines: readonly ReportLine[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length)) + 2;
  return lines
    .flatMap(({ what, figure, wrong }) => [
      `  ${wrong.length ? '✗ ' : 'OK'}  ${what.padEnd(width)}${figure.padStart(7)}`,
      ...some(wrong, 5).map((sentence) => `        ${sentence}`),
    ])
    .join('\n');
}

const some = (sentences: readonly string[], most: number): string[] =>
  sentences.length > most
    ? [...sentences.slice(0, most), `… and ${sentences.length - most} more`]
    : [...sentences];

function outcomesOf({ links, review, failed, excluded }: Evidence): Record<Outcome, string[]> {
  const made = (origin: string) => links.filter((link) => link.origin === origin);
  return {
    linked: made('linked').map(({ sageContactId }) => sageContactId),
    created: made('created').map(({ sageContactId }) => sageContactId),
    review: [...review],
    excluded: [...excluded],
    failed: [...failed],
  };
}

function everyContactOnce(evidence: Evidence, outcomes: Record<Outcome, string[]>): ReportLine {
  const seen = new Map<string, string[]>(evidence.sageContactIds.map((id) => [id, []]));
  // Even an empty business has Sage's own contacts: none at all means that we looked in the wrong place.
  const wrong: string[] = seen.size === 0 ? ['Sage shows no contact of this business'] : [];
  for (const outcome of OUTCOMES) {
    for (const id of outcomes[outcome]) {
      const of = seen.get(id);
      if (of) of.push(outcome);
      else wrong.push(`${outcome}: ${id} is no contact of this Sage business`);
    }
  }
  for (const [id, of] of seen) {
    if (of.length === 0) wrong.push(`${id} is nowhere`);
    if (of.length > 1) wrong.push(`${id} is ${of.join(' and ')}`);
  }
  return {
    what: 'Sage contacts, each in exactly one state',
    figure: `${evidence.sageContactIds.length}`,
    wrong,
  };
}

function statusSays({ status }: Evidence, outcome: Outcome, outcomes: Record<Outcome, string[]>): ReportLine {
  const counted = outcomes[outcome].length;
  const wrong =
    status[outcome] === counted ? [] : [`the status says ${status[outcome]}, the store ${counted}`];
  return { what: outcome, figure: `${counted}`, wrong };
}

function totalIsSum({ status, sageContactIds }: Evidence): ReportLine {
  const sum = OUTCOMES.reduce((total, outcome) => total + status[outcome], 0);
  const there = sageContactIds.length;
  const wrong =
    sum === status.total && sum === there
      ? []
      : [`the states add up to ${sum}, the total says ${status.total}, Sage has ${there}`];
  return { what: 'linked + created + review + excluded + failed', figure: `${sum}`, wrong };
}

function linkedPartiesExist({ links, parties }: Evidence): ReportLine {
  const times = new Map<number, number>();
  for (const { id } of parties) times.set(id, (times.get(id) ?? 0) + 1);
  const wrong = links
    .filter(({ partyId }) => times.get(partyId) !== 1)
    .map(
      ({ sageContactId, partyId }) =>
        `${sageContactId} is linked to party ${partyId}, which Capsule has ${times.get(partyId) ?? 0} times`,
    );
  return { what: 'parties that links point to, each there once', figure: `${links.length}`, wrong };
}

function createdHaveTheirParty(evidence: Evidence): ReportLine {
  const marked = partiesByMarker(evidence);
  const created = evidence.links.filter(({ origin }) => origin === 'created');
  const wrong = created.flatMap(({ sageContactId, partyId }) => {
    const found = marked.get(sageContactId) ?? [];
    if (found.length !== 1)
      return [`${sageContactId} has ${found.length} parties with its address: ${found.join(', ') || 'none'}`];
    return found[0] === partyId
      ? []
      : [`${sageContactId} is linked to party ${partyId}, but its address stands on ${found[0]}`];
  });
  return { what: 'created contacts, each with exactly one party', figure: `${created.length}`, wrong };
}

function noStrayMarkers(evidence: Evidence): ReportLine {
  const created = new Set(
    evidence.links.filter(({ origin }) => origin === 'created').map(({ sageContactId }) => sageContactId),
  );
  const marked = partiesByMarker(evidence);
  const wrong = [...marked]
    .filter(([id]) => !created.has(id))
    .map(([id, found]) => `party ${found.join(', ')} carries the address of ${id}, which we did not create`);
  return { what: 'parties with our address', figure: `${[...marked.values()].flat().length}`, wrong };
}

function partiesAddUp({ parties, partiesBefore, links }: Evidence): ReportLine {
  const created = links.filter(({ origin }) => origin === 'created').length;
  const wrong =
    parties.length === partiesBefore + created
      ? []
      : [`${partiesBefore} before and ${created} created, but ${parties.length} now`];
  return { what: 'parties in Capsule = before + created', figure: `${parties.length}`, wrong };
}

/** Ids of the parties that carry a contact's address; a party that carries it twice counts once. */
function partiesByMarker({ parties, publicUrl }: Evidence): Map<string, number[]> {
  const prefix = `${publicUrl}/s/`.toLowerCase();
  const found = new Map<string, number[]>();
  for (const { id, websites } of parties) {
    const marked = websites.filter((address) => address.toLowerCase().startsWith(prefix));
    for (const contact of new Set(marked.map((address) => address.slice(prefix.length))))
      found.set(contact, [...(found.get(contact) ?? []), id]);
  }
  return found;
}
