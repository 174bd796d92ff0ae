import { Browser } from './browser';
import { checkEdit } from './check-edit';
import { gatherEvidence, liveParties } from './check-evidence';
import { allHolds, checkReport, renderReport } from './check-report';
import { connectSage, DEMO_BUSINESS, readStatus, signIn, type Status } from './demo-admin';
import { resultTable, showImport } from './progress';
import { addresses, type Stack } from './stack';

type Say = (text: string) => void;

/** What `npm start` does once everything runs: connects the demo company, unless that was done before. */
export async function demoSession(stack: Stack, say: Say): Promise<void> {
  const browser = new Browser();
  const { PUBLIC_URL: publicUrl } = stack.env;
  const { phase } = await signIn(browser, publicUrl);
  if (phase === 'disconnected') await importDemo(browser, publicUrl, say);
  else if (phase === 'importing') await watchImport(browser, publicUrl, 'The import goes on', say);
  else say(`\nThe demo company is connected already (${phase}).`);
  say(
    `\n${addresses(stack)}\n\nCtrl-C stops everything and keeps the records; \`npm start -- --fresh\` forgets them.`,
  );
}

/**
 * What `npm start -- --check` does once everything runs: imports the demo company and compares.
 * @returns whether every claim holds
 */
export async function checkSession(stack: Stack, say: Say): Promise<boolean> {
  const browser = new Browser();
  const { PUBLIC_URL: publicUrl, MONGODB_URI: mongoUri } = stack.env;
  const sources = {
    publicUrl,
    mongoUri,
    sageUrl: `http://localhost:${stack.ports.sage}`,
    capsuleUrl: `http://localhost:${stack.ports.capsule}`,
    database: stack.env.MONGODB_DB ?? 'capsule_sage',
  };
  const before = await liveParties(sources.capsuleUrl);
  await signIn(browser, publicUrl);
  const { status, businessId } = await importDemo(browser, publicUrl, say);
  const evidence = await gatherEvidence(sources, status, businessId, before.length);
  const report = [
    ...checkReport(evidence),
    await checkEdit(browser, { ...sources, businessId }, evidence.links),
  ];
  const holds = allHolds(report) && status.phase === 'active';
  say(`\nChecked against both sandboxes and the store:\n${renderReport(report)}`);
  if (status.phase !== 'active') say(`  ✗   the phase after the import is ${status.phase}`);
  return holds;
}

async function importDemo(browser: Browser, publicUrl: string, say: Say) {
  const businessId = await connectSage(browser, publicUrl);
  return { businessId, status: await watchImport(browser, publicUrl, `Importing ${DEMO_BUSINESS}`, say) };
}

async function watchImport(browser: Browser, publicUrl: string, title: string, say: Say): Promise<Status> {
  say(`\n${title}`);
  const begin = performance.now();
  const status = await showImport(() => readStatus(browser, publicUrl));
  if (status.import) say(`\n${resultTable(status.import, (performance.now() - begin) / 1000)}`);
  return status;
}
