import { type Sandbox } from '../services/sandbox';
import { type Party } from '../services/sandbox/capsule';
import { type Browser } from '../services/local/browser';
import { Bookkeeper } from './bookkeeping';
import { type Deed } from './deeds';
import {
  type Field,
  type PlannedContact,
  type PlannedParty,
  type Side,
  type Step,
  type Typed,
  type World,
} from './plan';

/** What of a step people do; fate does the rest. */
export type HumanStep = Exclude<
  Step,
  {
    do: 'fault' | 'calm' | 'kill' | 'imported' | 'disconnect' | 'connect' | 'consent' | 'setClock';
  }
>;

interface Options {
  sandbox: Sandbox;
  browser: Browser;
  publicUrl: string;
}

/** The people of a run: they work in both vendors' own pages and in ours, and keep a diary. */
export class People {
  readonly deeds: Deed[] = [];
  private readonly parties: number[] = [];
  private readonly contacts: string[] = [];
  private readonly asked: Promise<void>[] = [];
  private settling = true;

  private readonly bookkeeper: Bookkeeper;

  constructor(private readonly options: Options) {
    this.bookkeeper = new Bookkeeper(options.sandbox);
  }

  settle({ parties, contacts, fillers }: World): void {
    const { sage } = this.options.sandbox;
    for (let i = 0; i < fillers; i += 1) {
      const name = `Supplier ${i} Ltd`;
      const { id } = sage.business().addContact({ name, contact_type_ids: ['VENDOR'] });
      this.noteMade('sage', id, { ...NOTHING, name });
    }
    parties.forEach((party) => this.addParty(party));
    contacts.forEach((contact) => this.addContact(contact));
    this.settling = false;
  }

  do(step: HumanStep): void {
    switch (step.do) {
      case 'edit':
        return this.edit(step.who, step.field, step.value);
      case 'addParty':
        return this.addParty(step.party);
      case 'addContact':
        return this.addContact(step.contact);
      case 'delete':
        return this.delete(step.who);
      case 'tag':
        return this.tag(step.who);
      case 'pass':
        return this.ask('/api/sync', { full: step.full });
      case 'decide':
        return void this.asked.push(this.decide(step).catch(() => undefined));
      case 'enter':
      case 'pay':
      case 'void':
        return this.bookkeeper.do(step, step.do === 'enter' ? this.contactOf(step.who) : undefined);
      case 'addToSage':
      case 'unlink':
      case 'push':
      case 'linkTo':
        return this.command(step);
    }
  }

  /** Every answer of the gateway is there, or will not come. */
  async answered(): Promise<void> {
    await Promise.all(this.asked);
  }

  partyOf(who: string): Party | undefined {
    const { capsule } = this.options.sandbox;
    const nth = Number(who.slice(1));
    if (who.startsWith('p')) return capsule.account.parties.get(this.parties[nth] ?? 0);
    const mark = `${this.options.publicUrl}/s/${this.contacts[nth]}`;
    return capsule.parties().find(({ websites }) => websites.some(({ address }) => address === mark));
  }

  private contactOf(who: string): string | undefined {
    const id = this.contacts[Number(who.slice(1))];
    const contact = id === undefined ? undefined : this.options.sandbox.sage.business().contact(id);
    return contact && contact.deletedAt === null ? id : undefined;
  }

  private addParty(planned: PlannedParty): void {
    const { type, name, email, telephone, mobile, line1, city, postcode } = planned;
    const party = this.options.sandbox.capsule.addParty({
      type,
      ...namesOf(type, name),
      emailAddresses: email ? [{ type: 'Work', address: email }] : [],
      phoneNumbers: [
        ...(telephone ? [{ type: 'Work', number: telephone }] : []),
        ...(mobile ? [{ type: 'Mobile', number: mobile }] : []),
      ],
      addresses: [{ type: 'Office', street: line1, city, zip: postcode, country: 'United Kingdom' }],
    });
    this.parties.push(party.id);
    this.noteMade('capsule', String(party.id), planned);
  }

  private addContact({ kind, name, ...typed }: PlannedContact): void {
    const { id } = this.options.sandbox.sage
      .business()
      .addContact({ name, contact_type_ids: [kind], ...nested(typed) });
    this.contacts.push(id);
    this.noteMade('sage', id, { name, ...typed });
  }

  private noteMade(
    side: Side,
    id: string,
    { name, email, telephone, mobile, line1, city, postcode }: Typed,
  ): void {
    const typed = { name, email, telephone, mobile, line1, city, postcode };
    this.note({ did: 'made', side, id, typed, inWorld: this.settling });
  }

  private edit(who: string, field: Field, value: string): void {
    if (who.startsWith('s')) this.editContact(who, field, value);
    else this.editParty(who, field, value);
  }

  private editParty(who: string, field: Field, value: string): void {
    const party = this.partyOf(who);
    if (!party) return;
    const { id, type, emailAddresses, phoneNumbers, addresses } = party;
    const row = (rows: readonly { id: number }[], change: object, fresh: object) => {
      const [first] = rows;
      if (!first) return value ? [{ ...fresh, ...change }] : [];
      return [value ? { id: first.id, ...change } : { id: first.id, _delete: true }];
    };
    const mobiles = phoneNumbers.filter((phone) => phone.type === 'Mobile');
    const others = phoneNumbers.filter((phone) => phone.type !== 'Mobile');
    const place = (change: object) => ({ addresses: row(addresses, change, { type: 'Office' }) });
    const inputs = {
      name: () => namesOf(type, value),
      email: () => ({ emailAddresses: row(emailAddresses, { address: value }, { type: 'Work' }) }),
      telephone: () => ({ phoneNumbers: row(others, { number: value }, { type: 'Work' }) }),
      mobile: () => ({ phoneNumbers: row(mobiles, { number: value }, { type: 'Mobile' }) }),
      line1: () => place({ street: value }),
      city: () => place({ city: value }),
      postcode: () => place({ zip: value }),
    };
    this.options.sandbox.capsule.editParty(id, inputs[field]());
    this.note({ did: 'edited', side: 'capsule', id: String(id), field, value });
  }

  private editContact(who: string, field: Field, value: string): void {
    const id = this.contactOf(who);
    const business = this.options.sandbox.sage.business();
    const contact = id === undefined ? undefined : business.contact(id);
    if (id === undefined || !contact) return;
    const person = business.books.persons.get(contact.main_contact_person_id);
    const address = business.books.addresses.get(contact.main_address_id);
    const held: Typed = {
      ...{ name: contact.name, email: person?.email ?? '', telephone: person?.telephone ?? '' },
      ...{ mobile: person?.mobile ?? '', line1: address?.address_line_1 ?? '' },
      ...{ city: address?.city ?? '', postcode: address?.postal_code ?? '' },
    };
    if (held[field] === value) return;
    const { name, ...typed } = { ...held, [field]: value };
    business.editContact(id, { name, ...nested(typed) });
    this.note({ did: 'edited', side: 'sage', id, field, value });
  }

  private delete(who: string): void {
    const { capsule, sage } = this.options.sandbox;
    if (who.startsWith('s')) {
      const id = this.contactOf(who);
      // Whoever has documents is not deleted in Sage.
      if (id === undefined || sage.business().documents(id).length > 0) return;
      sage.business().deleteContact(id);
      this.note({ did: 'deleted', side: 'sage', id });
      return;
    }
    const party = this.partyOf(who);
    if (!party) return;
    capsule.deleteParty(party.id);
    this.note({ did: 'deleted', side: 'capsule', id: String(party.id) });
  }

  private tag(who: string): void {
    const party = this.partyOf(who);
    if (!party) return;
    this.options.sandbox.capsule.editParty(party.id, { tags: [{ name: 'Add to Sage' }] });
    this.note({ did: 'tagged', id: String(party.id) });
  }

  private command(step: Extract<HumanStep, { do: 'addToSage' | 'unlink' | 'push' | 'linkTo' }>): void {
    const party = this.partyOf(step.who);
    if (!party) return;
    const [id, since, path] = [String(party.id), Date.now(), `/api/contacts/${party.id}`];
    if (step.do === 'push') {
      this.note({ did: 'pushed', id, since });
      this.ask(`${path}/push`, {}, 'POST', () => this.note({ did: 'pushed', id, since }));
    } else if (step.do === 'unlink') {
      this.note({ did: 'unlinked', id, since });
      this.ask(`${path}/sage`, {}, 'DELETE', () => this.note({ did: 'unlinked', id, since }));
    } else {
      const linkTo = step.do === 'linkTo' ? this.contactOf(step.contact) : undefined;
      if (step.do === 'linkTo' && linkTo === undefined) return;
      this.note({ did: linkTo ? 'linked' : 'wantsAdded', id, since });
      this.ask(`${path}/sage`, linkTo ? { linkTo } : {}, 'POST', (answer) => {
        const { sageContactId, partyId } = answer as { sageContactId: string; partyId: number };
        this.note({ did: 'added', id: String(partyId), contact: sageContactId });
      });
    }
  }

  private async decide({
    nth,
    decision,
  }: {
    nth: number;
    decision: 'link' | 'create' | 'ignore';
  }): Promise<void> {
    const { browser, publicUrl } = this.options;
    type Review = { id: string; sageContactId: string; candidates: { partyId: number }[] };
    const { items } = await browser.json<{ items: Review[] }>(`${publicUrl}/api/reviews`);
    const review = items[nth];
    const partyId = review?.candidates[0]?.partyId;
    if (!review || (decision === 'link' && partyId === undefined)) return;
    const deed = { did: 'decided', contact: review.sageContactId, decision, since: Date.now() } as const;
    this.note(deed);
    const body = { decision, ...(decision === 'link' ? { partyId } : {}) };
    await browser.json(`${publicUrl}/api/reviews/${review.id}`, body);
  }

  /** People do not wait for an answer before they go on; what fails was not accepted. */
  private ask(path: string, body: object, method = 'POST', accepted?: (answer: unknown) => void): void {
    const { browser, publicUrl } = this.options;
    this.asked.push(browser.json(`${publicUrl}${path}`, body, method).then(accepted, () => undefined));
  }

  note(deed: DistributiveOmit<Deed, 'at'>): void {
    this.deeds.push({ at: Date.now(), ...deed });
  }
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

const NOTHING: Typed = { name: '', email: '', telephone: '', mobile: '', line1: '', city: '', postcode: '' };

function namesOf(type: 'person' | 'organisation', name: string) {
  const [firstName = '', ...rest] = name.split(' ');
  return type === 'person' ? { firstName, lastName: rest.join(' ') } : { name };
}

/** Sage replaces what is nested, so it is sent whole. */
const nested = ({ email, telephone, mobile, line1, city, postcode }: Omit<Typed, 'name'>) => ({
  main_contact_person: { email, telephone, mobile },
  main_address: { address_line_1: line1, city, postal_code: postcode, country_id: 'GB' },
});
