import { markerUrl } from '../../shared/ids';
import { imported, people } from '../support/crash/scenes';
import { crashTable } from '../support/crash/table';
import { type Scene, type Stage } from '../support/crash/world';

const NAME = 'Alder Ltd';

async function pair(stage: Stage): Promise<{ partyId: number; contactId: string }> {
  const { party, contact } = people(stage.company);
  const ids = { partyId: party(NAME), contactId: contact(NAME) };
  await imported(stage);
  await stage.company.core.store.runs.start(stage.company.tenantId, 'pass-1', 'incremental', new Date());
  return ids;
}

/** What is noted as deleted is dealt with; what waits, waits for the next pass. */
const apply: Scene = async ({ run, company: { tenantId }, passTime }) => {
  for (let left = 1, round = 0; left > 0 && round < 5; round += 1) {
    ({ left } = await run('applyDeletions', { tenantId, runId: 'pass-1' }));
    passTime(10_000);
  }
};

/** The pass ends, and the next one reads the lists of what was deleted once more. */
const nextPass: Scene = async ({ run, company: { tenantId } }) => {
  const end = { kind: 'incremental', outcome: 'complete', read: {}, counts: {} } as const;
  await run('finishPass', { tenantId, runId: 'pass-1', ...end });
  await run('readChanges', { tenantId, runId: 'pass-2' });
};

crashTable('an unlink by hand', {
  before: async (stage) => {
    await pair(stage);
  },
  scene: async ({ run, company }) => {
    const partyId = people(company).partyNamed(NAME);
    await run('unlink', { tenantId: company.tenantId, partyId, type: null });
  },
  awaits: [
    'tenants.findOne',
    'links.find',
    'links.updateOne',
    'figures.updateMany',
    'contacts.updateMany',
    'failures.deleteMany',
    'journal.insertMany',
    'Temporal.completed unlink',
  ],
});

crashTable('R19 a contact that was deleted in Sage', {
  // The party bears what names the contact.
  before: async (stage) => {
    const { partyId, contactId } = await pair(stage);
    const { tenantId, core, config, sandbox } = stage.company;
    const address = markerUrl(config.publicUrl, contactId);
    sandbox.capsule.editParty(partyId, { websites: [{ service: 'URL', address }] });
    sandbox.sage.business().deleteContact(contactId);
    await core.store.deletions.note(tenantId, 'sage', [contactId], new Date());
  },
  scene: apply,
  afterwards: nextPass,
  awaits: [
    'Capsule.editParty',
    'Capsule.getParties',
    'Capsule.listWebsiteRows',
    'Temporal.completed applyDeletions',
    'accounts.findOne',
    'breakers.findOne',
    'contacts.deleteMany',
    'contacts.find',
    'deletions.countDocuments',
    'deletions.deleteMany',
    'deletions.find',
    'failures.deleteMany',
    'figures.updateMany',
    'grants.findOne',
    'journal.insertMany',
    'links.find',
    'links.updateOne',
    'reviews.deleteMany',
    'reviews.find',
    'runs.updateOne',
    'tenants.findOne',
  ],
});

crashTable('R18 a party that was deleted in Capsule', {
  before: async (stage) => {
    const { partyId } = await pair(stage);
    const { tenantId, core, sandbox } = stage.company;
    sandbox.capsule.deleteParty(partyId);
    await core.store.deletions.note(tenantId, 'capsule', [partyId], new Date());
  },
  scene: apply,
  afterwards: nextPass,
  awaits: [
    'Capsule.assignParty',
    'Capsule.createParty',
    'Capsule.getParties',
    'Sage.getContact',
    'Temporal.completed applyDeletions',
    'accounts.findOne',
    'breakers.findOne',
    'contacts.bulkWrite',
    'contacts.deleteMany',
    'contacts.find',
    'contacts.insertMany',
    'deletions.countDocuments',
    'deletions.deleteMany',
    'deletions.find',
    'figures.updateMany',
    'grants.findOne',
    'intents.bulkWrite',
    'intents.insertMany',
    'journal.insertMany',
    'links.find',
    'links.insertMany',
    'links.replaceOne',
    'links.updateOne',
    'reviews.find',
    'runs.updateOne',
    'tenants.findOne',
  ],
});

crashTable('R21 a party that was merged into another: the hand-over of its link', {
  before: async (stage) => {
    const winner = people(stage.company).party('Winner Ltd');
    const { partyId, contactId } = await pair(stage);
    const { tenantId, core, config, sandbox } = stage.company;
    const address = markerUrl(config.publicUrl, contactId);
    sandbox.capsule.editParty(winner, { websites: [{ service: 'URL', address }] });
    await stage.run('readCapsule', { tenantId, importNumber: 1 });
    sandbox.capsule.deleteParty(partyId);
    await core.store.deletions.note(tenantId, 'capsule', [partyId], new Date());
  },
  scene: apply,
  afterwards: nextPass,
  awaits: [
    'Capsule.getParties',
    'Temporal.completed applyDeletions',
    'accounts.findOne',
    'breakers.findOne',
    'contacts.deleteMany',
    'contacts.find',
    'deletions.countDocuments',
    'deletions.deleteMany',
    'deletions.find',
    'figures.updateMany',
    'grants.findOne',
    'journal.insertMany',
    'links.find',
    'links.updateOne',
    'reviews.find',
    'runs.updateOne',
    'tenants.findOne',
  ],
});
