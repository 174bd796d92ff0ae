import { markerUrl } from '../../shared/ids';
import { imported, people } from '../support/crash/scenes';
import { crashTable } from '../support/crash/table';
import { type Stage } from '../support/crash/world';

const NAMES = ['Alder Ltd', 'Birch Ltd', 'Cedar Ltd'];

async function pairs(stage: Stage): Promise<void> {
  const { party, contact } = people(stage.company);
  for (const name of NAMES) {
    party(name);
    contact(name);
  }
  party('Winner Ltd');
  await imported(stage);
}

crashTable('an unlink by hand', {
  before: pairs,
  scene: async ({ run, company }) => {
    const partyId = people(company).partyNamed('Alder Ltd');
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

crashTable('R18 R19 R20 R21 deletions', {
  before: async (stage) => {
    await pairs(stage);
    const { tenantId, core, config, sandbox } = stage.company;
    const { partyNamed, contactNamed } = people(stage.company);
    const [alder, birch, cedar] = NAMES.map((name) => ({
      party: partyNamed(name),
      contact: contactNamed(name),
    }));
    if (!alder || !birch || !cedar) throw new Error('nobody is there');
    // Gone in Sage, gone in Capsule, merged into another party.
    const address = markerUrl(config.publicUrl, cedar.contact);
    sandbox.capsule.editParty(partyNamed('Winner Ltd'), { websites: [{ service: 'URL', address }] });
    await stage.run('readCapsule', { tenantId, importNumber: 1 });
    sandbox.sage.business().deleteContact(alder.contact);
    for (const { party } of [birch, cedar]) sandbox.capsule.deleteParty(party);
    const { deletions, runs } = core.store;
    await deletions.note(tenantId, 'sage', [alder.contact], new Date());
    await deletions.note(tenantId, 'capsule', [birch.party, cedar.party], new Date());
    await runs.start(tenantId, 'pass-1', 'incremental', new Date());
  },
  scene: async ({ run, company: { tenantId }, passTime }) => {
    // What waits, waits for the next pass.
    for (let left = 1, round = 0; left > 0 && round < 5; round += 1) {
      ({ left } = await run('applyDeletions', { tenantId, runId: 'pass-1' }));
      passTime(10_000);
    }
  },
  afterwards: async ({ run, company: { tenantId } }) => {
    const end = { kind: 'incremental', outcome: 'complete', read: {}, counts: {} } as const;
    await run('finishPass', { tenantId, runId: 'pass-1', ...end });
    // The next one reads the lists of what was deleted once more.
    await run('readChanges', { tenantId, runId: 'pass-2' });
  },
  awaits: [
    'tenants.findOne',
    'deletions.find',
    'breakers.findOne',
    'accounts.findOne',
    'links.find',
    'reviews.find',
    'contacts.find',
    'grants.findOne',
    'Capsule.getParties',
    'contacts.deleteMany',
    'reviews.deleteMany',
    'journal.insertMany',
    'links.updateOne',
    'figures.updateMany',
    'failures.deleteMany',
    'runs.updateOne',
    'links.replaceOne',
    'Sage.getContact',
    'contacts.insertMany',
    'contacts.bulkWrite',
    'intents.insertMany',
    'Capsule.createParty',
    'Capsule.assignParty',
    'links.insertMany',
    'intents.deleteMany',
    'deletions.deleteMany',
    'deletions.countDocuments',
    'Temporal.completed applyDeletions',
  ],
});
