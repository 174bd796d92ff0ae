import { finish, imported, match, people, read } from '../support/crash/scenes';
import { crashTable } from '../support/crash/table';

crashTable('R29 a create in Capsule', {
  // Two to be made, one to be linked, one to be asked about.
  before: async (stage) => {
    const { party, contact } = people(stage.company);
    ['Alder Ltd', 'Birch Ltd', 'Cedar Ltd', 'Dogwood Ltd'].forEach(contact);
    ['Cedar Ltd', 'Dogwood Ltd', 'Dogwood Ltd'].forEach((name) => party(name, { emailAddresses: [] }));
    await read(stage);
  },
  scene: match,
  afterwards: finish,
  awaits: [
    'tenants.findOne',
    'accounts.findOne',
    'contacts.countDocuments',
    'links.findOne',
    'contacts.findOne',
    'reviews.findOne',
    'failures.countDocuments',
    'contacts.find',
    'sageIntents.find',
    'links.find',
    'grants.findOne',
    'intents.insertMany',
    'Capsule.createParty',
    'Capsule.assignParty',
    'contacts.insertMany',
    'links.insertMany',
    'figures.updateMany',
    'intents.bulkWrite',
    'reviews.insertMany',
    'tenants.updateOne',
    'quota.replaceOne',
    'Temporal.completed matchContacts',
  ],
});

crashTable('R29 a create in Capsule whose answer is lost', {
  before: async (stage) => {
    people(stage.company).contact('Alder Ltd');
    await read(stage);
  },
  scene: async (stage) => {
    const post = { method: 'POST', path: /\/parties$/ };
    stage.company.sandbox.capsule.faults.failNext({ match: post, how: 'drop-after', times: 1 });
    await match(stage);
  },
  afterwards: finish,
  awaits: [
    'tenants.findOne',
    'accounts.findOne',
    'contacts.countDocuments',
    'links.findOne',
    'contacts.findOne',
    'reviews.findOne',
    'failures.countDocuments',
    'contacts.find',
    'intents.find',
    'sageIntents.find',
    'links.find',
    'grants.findOne',
    'intents.insertMany',
    'Capsule.createParty',
    'tenants.updateOne',
    'quota.replaceOne',
    'Temporal.completed matchContacts',
    'Capsule.listParties',
    'Capsule.assignParty',
    'Capsule.listDeleted',
    'contacts.insertMany',
    'contacts.bulkWrite',
    'links.insertMany',
    'figures.updateMany',
    'intents.bulkWrite',
    'Temporal.completed settleIntents',
  ],
});

crashTable('R15 R29 a create in Sage', {
  before: async (stage) => {
    people(stage.company).contact('Alder Ltd');
    await imported(stage);
    const { party } = people(stage.company);
    party('Birch Ltd', { tags: [{ name: 'Add to Sage' }] });
  },
  scene: async ({ run, company }) => {
    const { tenantId } = company;
    await run('addTagged', { tenantId, partyIds: [people(company).partyNamed('Birch Ltd')] });
  },
  awaits: [
    'tenants.findOne',
    'grants.findOne',
    'Capsule.getParty',
    'links.find',
    'contacts.insertMany',
    'contacts.bulkWrite',
    'sageIntents.find',
    'accounts.findOne',
    'contacts.find',
    'reviews.find',
    'Sage.findContactsByName',
    'sageIntents.findOne',
    'sageIntents.insertOne',
    'leases.updateOne',
    'Sage.createContact',
    'leases.deleteOne',
    'links.insertMany',
    'figures.updateMany',
    'journal.insertMany',
    'runs.updateOne',
    'sageIntents.updateOne',
    'failures.deleteMany',
    'failures.find',
    'Capsule.editParty',
    'Capsule.getParties',
    'Temporal.completed addTagged',
  ],
});
