import pLimit from 'p-limit';
import { request } from 'undici';

/**
 * The floor of a burst: a plain script that reads each edited party and its Sage contact once and writes the contact
 * once, as many at a time as the sync does. It has to read the contact, as Sage may take whatever a person is not sent
 * with for emptied (reference sage-api §4 Writes, D). It compares nothing, remembers nothing, and loses what it cannot
 * send.
 *
 * Input: one JSON argument {@link BurstInput}. Output: milliseconds.
 */

export interface BurstInput {
  sageApi: string;
  sageToken: string;
  businessId: string;
  capsuleApi: string;
  capsuleToken: string;
  pairs: { partyId: number; sageContactId: string }[];
  /** Does not read the Sage contact: what a person holds beside the e-mail address may be lost. */
  blind: boolean;
}

/** As many as the sync has in flight (activities/push-parties). */
const IN_FLIGHT = 8;

/** What is carried over of a party; organisations only. */
interface Party {
  name: string;
  emailAddresses: { address: string }[];
}

interface SageContact {
  main_contact_person: { name: string; telephone: string; mobile: string };
}

async function main(input: BurstInput): Promise<number> {
  const limit = pLimit(IN_FLIGHT);
  const started = performance.now();
  await Promise.all(input.pairs.map((pair) => limit(() => carryOver(input, pair))));
  return performance.now() - started;
}

async function carryOver(
  { sageApi, sageToken, businessId, capsuleApi, capsuleToken, blind }: BurstInput,
  { partyId, sageContactId }: BurstInput['pairs'][number],
): Promise<void> {
  const read = await request(`${capsuleApi}/parties/${partyId}`, {
    headers: { authorization: `Bearer ${capsuleToken}` },
  });
  const { party } = (await read.body.json()) as { party: Party };
  const email = party.emailAddresses[0]?.address ?? '';
  const headers = { authorization: `Bearer ${sageToken}`, 'x-business': businessId };
  const url = `${sageApi}/contacts/${sageContactId}`;
  const person = blind ? { name: 'Main Contact' } : await readPerson(url, headers);
  const written = await request(url, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      contact: { name: party.name, main_contact_person: { ...person, email } },
    }),
  });
  await written.body.dump();
  if (written.statusCode !== 200) throw new Error(`Sage answered ${written.statusCode}`);
}

async function readPerson(url: string, headers: Record<string, string>) {
  const held = await request(`${url}?attributes=main_contact_person&nested_attributes=all`, { headers });
  const { main_contact_person: person } = (await held.body.json()) as SageContact;
  const { name, telephone, mobile } = person;
  return { name, telephone, mobile };
}

main(JSON.parse(process.argv[2] ?? '') as BurstInput)
  .then((ms) => process.stdout.write(String(ms)))
  .catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
