import fc from 'fast-check';
import { compareNames, readName } from '../../../shared/domain/names';
import { type AccountWords, draftParty } from '../../../shared/domain/new-party';
import { type SageAddress, type SageContact } from '../../../shared/domain/types';

const MARKER = 'https://sync.example/s/abc';
const account: AccountWords = {
  titles: ['Mr', 'Mrs', 'Dr.', 'PROF'],
  countryNames: new Map([['GB', 'United Kingdom']]),
};
const BLANK: SageAddress = { line1: '', line2: '', city: '', region: '', postcode: '', countryCode: '' };

const sageContact = (more: Partial<SageContact> = {}): SageContact => ({
  id: 'abc',
  kind: 'CUSTOMER',
  name: 'Acme Ltd',
  reference: '',
  email: '',
  telephone: '',
  mobile: '',
  mainPersonName: 'Main Contact',
  address: null,
  isSystem: false,
  isErased: false,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  url: '',
  ...more,
});
const draft = (more: Partial<SageContact>) => draftParty(sageContact(more), account, MARKER);
/** "title|first|last" of a person, the name of an organisation. */
const named = (name: string, mainPersonName = 'Main Contact'): string => {
  const { type, title, firstName, lastName, name: whole } = draft({ name, mainPersonName });
  return type === 'person' ? [title, firstName, lastName].join('|') : whole;
};

describe('R7 the party that a contact becomes', () => {
  it.each([
    ['Acme Ltd', 'Main Contact', 'Acme Ltd'],
    ['Jane Smith', 'Main Contact', 'Jane Smith'],
    ['Jane Smith', '', 'Jane Smith'],
    ['Main Contact', 'Main Contact', 'Main Contact'],
    ['Jane Smith', 'John Smith', 'Jane Smith'],
    ['Jane  Smith', ' jane smith ', '|Jane|Smith'],
    ['Jane Smith', 'Mrs Jane Smith', '|Jane|Smith'],
    ['Jane Mary van Dyke', 'Jane Mary van Dyke', '|Jane Mary van|Dyke'],
    ['Cher', 'CHER', '|Cher|'],
    ['Jane Smith Ltd', 'Jane Smith Ltd', 'Jane Smith Ltd'],
    ['Mr John Church', 'Main Contact', 'Mr|John|Church'],
    ['dr jane smith', 'Main Contact', 'Dr.|jane|smith'],
    ['Mr. Smith', 'Main Contact', 'Mr|Smith|'],
    ['Professor Jane Smith', 'Main Contact', 'PROF|Jane|Smith'],
    ['Prof Dr Jane Smith', 'Main Contact', 'PROF|Jane|Smith'],
    ['Rev Jane Smith', 'Main Contact', '|Jane|Smith'],
    ['Mr & Mrs J Smith', 'Main Contact', '|Mr & Mrs J|Smith'],
    ['Dr Pepper Ltd', 'Dr Pepper', 'Dr Pepper Ltd'],
    ['Mrs Jones & Sons', 'Mrs Jones & Sons', 'Mrs Jones & Sons'],
    ['Dr', 'Main Contact', 'Dr'],
  ])('reads %p with main contact %p as %p', (name, mainPersonName, expected) => {
    expect(named(name, mainPersonName)).toBe(expected);
  });

  it('gives a couple its title where the account has it', () => {
    const titles = { ...account, titles: ['Mr and Mrs'] };
    const couple = draftParty(sageContact({ name: 'Mr & Mrs J Smith' }), titles, MARKER);
    expect(couple).toMatchObject({ title: 'Mr and Mrs', firstName: 'J', lastName: 'Smith', name: 'J Smith' });
  });

  it('bears a name that matches the contact exactly, whatever the contact is called', () => {
    const word = fc.constantFrom('Dr', 'Mr.', 'Mrs', '&', 'and', 'Rev', 'Ltd', 'Smith', 'of', 'Zoë', ' ');
    const words = fc.array(word, { minLength: 1, maxLength: 5 }).map((all) => all.join(' '));
    fc.assert(
      fc.property(words, words, (name, mainPersonName) => {
        fc.pre(name.trim() !== '');
        const party = draft({ name, mainPersonName });
        const read = readName(party.name, party.type, party.title);
        expect(compareNames(readName(name, 'sage'), read)).toBe('exact');
        if (party.type === 'person') {
          expect(`${party.firstName} ${party.lastName}`.trim()).toBe(party.name);
        }
      }),
    );
  });

  it('takes phones, e-mail, reference and the marker along', () => {
    const details = { email: ' a@x.example ', telephone: ' 029 1 ', mobile: '07 1', reference: 'A1 ' };
    expect(draft(details)).toMatchObject({
      email: 'a@x.example',
      telephone: '029 1',
      mobile: '07 1',
      sageReference: 'A1',
      sageContactId: 'abc',
      marker: MARKER,
    });
  });

  it.each([
    [
      'two lines',
      { line1: ' 1 High St ', line2: 'Canton', countryCode: 'gb' },
      '1 High St\nCanton',
      'United Kingdom',
    ],
    ['one line', { line1: '', line2: 'Canton', countryCode: 'GB' }, 'Canton', 'United Kingdom'],
    ['an unknown country', { line1: 'Rue 1', countryCode: 'XK' }, 'Rue 1', ''],
  ])('takes an address of %s along', (_what, address, street, country) => {
    expect(draft({ address: { ...BLANK, ...address } }).address).toMatchObject({ street, country });
  });

  it('has no address where Sage has nothing to send', () => {
    for (const address of [null, BLANK, { ...BLANK, line1: ' ', countryCode: 'XK' }]) {
      expect(draft({ address }).address).toBeNull();
    }
  });
});
