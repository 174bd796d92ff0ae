import pLimit from 'p-limit';
import { request } from 'undici';

/**
 * The floor of a burst: a plain script that reads each edited party once and writes it to its Sage contact once,
 * as many at a time as the sync does. It compares nothing, remembers nothing, and loses what it cannot send.
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
}

/** As many as the sync has in flight (activities/push-parties). */
const IN_FLIGHT = 8;

/** What is carried over of a party; organisations only. */
interface Party {
  name: string;
  emailAddresses: { address: string }[];
}

async function main(input: BurstInput): Promise<number> {
  const limit = pLimit(IN_FLIGHT);
  const started = performance.now();
  await Promise.all(input.pairs.map((pair) => limit(() => carryOver(input, pair))));
  return performance.now() - started;
}

async function carryOver(
  { sageApi, sageToken, businessId, capsuleApi, capsuleToken }: BurstInput,
  { partyId, sageContactId }: BurstInput['pairs'][number],
): Promise<void> {
  const read = await request(`${capsuleApi}/parties/${partyId}`, {
    headers: { authorization: `Bearer ${capsuleToken}` },
  });
  const { party } = (await read.body.json()) as { party: Party };
  const email = party.emailAddresses[0]?.address ?? '';
  const written = await request(`${sageApi}/contacts/${sageContactId}`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${sageToken}`,
      'x-business': businessId,
    },
    body: JSON.stringify({
      contact: { name: party.name, main_contact_person: { name: 'Main Contact', email } },
    }),
  });
  await written.body.dump();
  if (written.statusCode !== 200) throw new Error(`Sage answered ${written.statusCode}`);
}

main(JSON.parse(process.argv[2] ?? '') as BurstInput)
  .then((ms) => process.stdout.write(String(ms)))
  .catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
