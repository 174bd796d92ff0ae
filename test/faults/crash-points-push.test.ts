import { imported, people } from '../support/crash/scenes';
import { crashTable } from '../support/crash/table';
import { type Stage } from '../support/crash/world';

async function edited(stage: Stage, names: readonly string[]): Promise<void> {
  const { party, contact, email, partyNamed } = people(stage.company);
  for (const name of names) {
    party(name);
    contact(name);
  }
  await imported(stage);
  names.forEach((name) => email(partyNamed(name), 'new@capsule.test'));
}

crashTable('R12 R14 R26 a push of edits', {
  // The first is edited in Capsule alone, the second on both sides; the third is gone in Sage, the fourth too long.
  before: async (stage) => {
    const names = ['Alder Ltd', 'Birch Ltd', 'Cedar Ltd', 'Dogwood Ltd'];
    await edited(stage, names);
    const { tenantId, core, sandbox } = stage.company;
    const { partyNamed, contactNamed } = people(stage.company);
    const business = sandbox.sage.business();
    business.editContact(contactNamed('Birch Ltd'), { main_contact_person: { email: 'new@sage.test' } });
    business.deleteContact(contactNamed('Cedar Ltd'));
    await core.store.changes.note(tenantId, names.map(partyNamed), new Date());
    sandbox.capsule.editParty(partyNamed('Dogwood Ltd'), { name: 'D'.repeat(101) });
  },
  scene: async ({ run, company: { tenantId } }) => {
    await run('pushChanges', { tenantId, partyIds: [] });
  },
  awaits: [
    'changes.find',
    'echoes.find',
    'tenants.findOne',
    'links.find',
    'grants.findOne',
    'Capsule.getParties',
    'contacts.find',
    'accounts.findOne',
    'Sage.editContact',
    'journal.insertMany',
    'deletions.insertMany',
    'contacts.insertMany',
    'contacts.bulkWrite',
    'reviews.find',
    'links.updateOne',
    'failures.find',
    'failures.bulkWrite',
    'runs.updateOne',
    'changes.updateOne',
    'changes.deleteMany',
    'Temporal.completed pushChanges',
  ],
});

crashTable('R13 a push by the button', {
  before: (stage) => edited(stage, ['Alder Ltd']),
  scene: async ({ run, company }) => {
    const partyId = people(company).partyNamed('Alder Ltd');
    await run('pushContact', { tenantId: company.tenantId, partyId });
  },
  awaits: [
    'tenants.findOne',
    'links.find',
    'grants.findOne',
    'Capsule.getParty',
    'accounts.findOne',
    'contacts.find',
    'Sage.getContact',
    'Sage.editContact',
    'contacts.bulkWrite',
    'journal.insertMany',
    'contacts.insertMany',
    'reviews.find',
    'links.updateOne',
    'failures.find',
    'Temporal.completed pushContact',
  ],
});
