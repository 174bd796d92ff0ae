import { readStatus, signIn } from '../services/local/demo-admin';
import { becomes } from '../services/local/health';
import { storeFacts, writesOf } from './evidence';
import { NotAtRest } from './quiet';
import { type Means, type Scene } from './run';

/** So long people press a button again that did not work. */
const PATIENCE_MS = 30_000;
/** So long they wait to be asked for a permission anew. */
const ASKED_MS = 6_000;
const AGAIN = { timeoutMs: PATIENCE_MS, everyMs: 300 };

/** What stood and had been sent when the connection had ended. */
export interface Away {
  clearFields: boolean;
  links: { contact: string; party: string }[];
  sent: Record<'capsule' | 'sage', number>;
}

/** A person chooses the business, and what they allowed at Sage becomes the connection. @throws NotAtRest */
export async function chooseBusiness({ publicUrl }: Means, { browser, sandbox }: Scene): Promise<void> {
  const businessId = sandbox.sage.business().id;
  const started = async () => {
    await browser.json(`${publicUrl}/api/connection`, { businessId });
    return true;
  };
  if (!(await becomes(started, AGAIN))) throw new NotAtRest('nobody could connect');
}

/** R23. What is still under way when nobody answers within the time is not judged. */
export async function disconnect(means: Means, scene: Scene, clearFields: boolean): Promise<void> {
  const { browser, sandbox, tenantId } = scene;
  const url = `${means.publicUrl}/api/connection`;
  const ended = async () =>
    (await browser.json<{ stopped: boolean }>(url, { clearFields }, 'DELETE')).stopped;
  if (!(await becomes(ended, AGAIN))) return;
  const { sage, capsule } = writesOf(sandbox);
  const { links } = await storeFacts(means.db(), tenantId);
  scene.away ??= {
    ...{ clearFields, sent: { sage: sage.length, capsule: capsule.length } },
    links: links.filter(({ live }) => live).map(({ contact, party }) => ({ contact, party })),
  };
}

/** R24: the same business again. @throws NotAtRest */
export async function connect(means: Means, scene: Scene): Promise<void> {
  const { sandbox, people, away } = scene;
  if (away) {
    const { sage, capsule } = writesOf(sandbox);
    const since = (list: string[], before: number) => list.slice(0, list.length - before);
    const wrote = [...since(sage, away.sent.sage), ...since(capsule, away.sent.capsule)];
    people.note({ did: 'away', clearFields: away.clearFields, links: away.links, wrote });
    scene.away = null;
  }
  if (!(await becomes(() => allowSage(means, scene), AGAIN))) throw new NotAtRest('nobody could consent');
  await chooseBusiness(means, scene);
}

/** R25: a person is asked, and consents; nobody is asked when the fault has not struck. */
export async function consentWhenAsked(means: Means, scene: Scene): Promise<void> {
  const asked = async () => (await readStatus(scene.browser, means.publicUrl)).phase === 'reconnect';
  if (!(await becomes(asked, { timeoutMs: ASKED_MS, everyMs: 100 }))) return;
  await becomes(() => consent(means, scene), AGAIN);
}

export async function consent(means: Means, scene: Scene): Promise<boolean> {
  await signIn(scene.browser, means.publicUrl);
  return allowSage(means, scene);
}

export async function allowSage({ publicUrl }: Means, { browser }: Scene): Promise<boolean> {
  await browser.allow(await browser.open(`${publicUrl}/connect/sage`), 'owner');
  return true;
}
