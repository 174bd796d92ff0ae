import fc from 'fast-check';
import { bucketOf, compareNames, nameKey, readName } from '../../../shared/domain/names';

const sage = (name: string) => readName(name, 'sage');
const person = (name: string, title = '') => readName(name, 'person', title);
const organisation = (name: string) => readName(name, 'organisation');
const compared = (a: string, b: string) => compareNames(sage(a), organisation(b));

describe('R6 equal names', () => {
  it.each([
    ['case', 'ACME Ltd', 'Acme LTD'],
    ['sharp s', 'Straße GmbH', 'STRASSE GMBH'],
    ['capital sharp s', 'STRAẞE GmbH', 'straße gmbh'],
    ['dotted capital I', 'İSTANBUL KEBAB', 'istanbul kebab'],
    ['dotless small i', 'ısparta', 'ISPARTA'],
    ['final sigma', 'ΟΔΥΣΣΕΥΣ', 'Οδυσσευς'],
    ['compatibility forms', 'Ａｃｍｅ　Ｌｔｄ', 'Acme Ltd'],
    ['ligature', 'Oﬃce World', 'Office World'],
    ['decomposed accents', 'Cafe\u0301 Rouge', 'Café Rouge'],
    ['white space of any kind', ' Acme\u00a0\t Ltd\u2003', 'Acme Ltd'],
    ['zero-width characters', 'Ac\u200bme\ufeff L\u00adtd', 'Acme Ltd'],
    ['curly apostrophe', 'O’Brien', "O'Brien"],
    ['modifier apostrophe', 'Oʼneill', "O'Neill"],
    ['prime', 'O′Neill', "O'Neill"],
    ['acute accent as apostrophe', 'O´Neill', "O'Neill"],
    ['curly double quotes', 'The “Ship” Inn', 'The "Ship" Inn'],
  ])('takes no account of %s', (_difference, a, b) => {
    expect(nameKey(a)).toBe(nameKey(b));
    expect(compared(a, b)).toBe('exact');
  });

  it.each([
    ['accents', 'Café Rouge', 'Cafe Rouge'],
    ['dashes', 'Smith-Jones', 'Smith–Jones'],
    ['punctuation', 'A. Brown', 'A Brown'],
  ])('does tell %s apart', (_difference, a, b) => {
    expect(nameKey(a)).not.toBe(nameKey(b));
  });

  it('keeps the key of a key, for whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(nameKey(nameKey(text))).toBe(nameKey(text));
      }),
    );
  });

  it('keeps the key of every single character in either case and either normal form', () => {
    const unstable: string[] = [];
    for (let code = 0; code < 0x30000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const text = `a${String.fromCodePoint(code)}b`;
      const same = [nameKey(text), text.toUpperCase(), text.toLowerCase(), text.normalize('NFD')];
      if (new Set(same.map(nameKey)).size > 1) unstable.push(code.toString(16));
    }
    expect(unstable).toEqual([]);
  });
});

describe('R6 titles', () => {
  it.each([
    ['Dr Jane Smith', 'jane smith', 'dr'],
    ['DR. JANE SMITH', 'jane smith', 'dr'],
    ['Mr.Smith', 'smith', 'mr'],
    ['Professor Jane Smith', 'jane smith', 'prof'],
    ['Prof. Dr Jane Smith', 'jane smith', 'prof dr'],
    ['Mr & Mrs J Smith', 'j smith', 'mr and mrs'],
    ['Mr and Mrs J Smith', 'j smith', 'mr and mrs'],
    ['Mr AG Brown', 'ag brown', 'mr'],
    ['Mr John Church', 'john church', 'mr'],
  ])('sets the title of %p aside', (name, key, title) => {
    expect(sage(name)).toMatchObject({ key, title });
  });

  it.each([
    'Dr Pepper Ltd',
    'Dr. Pepper (UK) P.L.C.',
    'Mr Smith & Sons',
    'Mrs Jones t/a The Cake Stop',
    'Sir Robert Trust',
    'Lady Fashion AG',
    'Dr',
    'Dr.',
    'Mr -',
    'Lord & Taylor',
    'Lord of the Fries',
    'Drake Smith',
  ])('leaves %p whole', (name) => {
    expect(sage(name)).toMatchObject({ key: nameKey(name), title: '' });
  });

  it.each([
    ['Dr Jane Smith', person('Jane Smith', 'Dr')],
    ['Dr Jane Smith', person('Jane Smith', 'Dr.')],
    ['Dr Jane Smith', person('Jane Smith')],
    ['Jane Smith', person('Jane Smith', 'Dr')],
    ['Dr Jane Smith', person('Dr Jane Smith')],
    ['Dr Jane Smith', person('Dr Jane Smith', 'Dr')],
    ['Dr Jane Smith', organisation('Dr Jane Smith')],
    ['Prof Dr Jane Smith', person('Jane Smith', 'Prof')],
    ['Mr & Mrs J Smith', person('J Smith', 'Mr and Mrs')],
    ['Dr Pepper Ltd', organisation('dr pepper LTD')],
  ])('holds %p for the same name as %j', (name, party) => {
    expect(compareNames(sage(name), party)).toBe('exact');
  });

  it.each([
    ['Mr J Smith', person('J Smith', 'Mrs')],
    ['J Smith', person('J Smith', 'Mr & Mrs')],
    ['Mr Church', person('Church', 'Mrs')],
    ['Dr Pepper Ltd', organisation('Pepper Limited')],
  ])('holds %p for near to %j', (name, party) => {
    expect(compareNames(sage(name), party)).toBe('near');
  });
});

describe('R9 near names', () => {
  it.each([
    ['Acme Ltd', 'Acme Limited'],
    ['Acme Ltd.', 'Acme (Limited)'],
    ['Cwmni Teg Cyf', 'Cwmni Teg Cyfyngedig'],
    ['Acme plc', 'Acme Public Limited Company'],
    ['Acme P.L.C.', 'ACME PLC'],
    ['Acme LLP', 'Acme Limited Liability Partnership'],
    ['Jones & Co', 'Jones and Company'],
    ['Smith & Jones', 'Smith and Jones'],
    ['Smith&Jones', 'Smith + Jones'],
    ['The Ship Inn', 'Ship Inn'],
    ['A. Brown, Joinery', 'A Brown Joinery'],
    ['A.B.C. Ltd', 'ABC Limited'],
    ['Smith-Jones', 'Smith – Jones'],
    ["Sainsbury's", 'Sainsburys'],
    ['Café Rouge', 'Cafe Rouge'],
    ['Łódź Øre', 'Lodz Ore'],
    ['Co-op', 'Coop'],
    ['Bob t/a Bobs Van', 'Bob trading as Bobs Van'],
  ])('takes %p for near to %p', (a, b) => {
    expect(compared(a, b)).toBe('near');
    expect(compared(b, a)).toBe('near');
  });

  it.each([
    ['Acme Ltd', 'Acme'],
    ['Acme Ltd', 'Acme LLP'],
    ['Smith & Jones', 'Smith Jones'],
    ['Acme 1', 'Acme 2'],
    ['---', '***'],
    ['', ''],
    ['\u200b', ' '],
  ])('takes %p for another than %p', (a, b) => {
    expect(compared(a, b)).toBe('different');
  });
});

describe('loose keys and buckets', () => {
  const word = fc.constantFrom(
    'Dr',
    'Mr.',
    'The',
    'the',
    'Ltd',
    '&',
    'co',
    '-',
    'Église',
    'smith',
    '“x”',
    'ß',
  );
  const name = fc.oneof(
    fc.array(word, { maxLength: 5 }).map((all) => all.join(' ')),
    fc.string({ unit: 'grapheme' }),
  );
  const read = fc
    .tuple(name, fc.constantFrom('sage', 'person', 'organisation'), word)
    .map(([text, kind, title]) => ({ text, read: readName(text, kind, title) }));

  it('are never empty for a name that holds a letter or digit', () => {
    fc.assert(
      fc.property(read, ({ text, read: { looseKey } }) => {
        fc.pre(/[\p{L}\p{N}]/u.test(text));
        expect(looseKey).not.toBe('');
      }),
    );
  });

  it('are equal where the exact keys are equal', () => {
    fc.assert(
      fc.property(read, read, ({ read: a }, { read: b }) => {
        const again = [a, readName(a.key, 'sage'), readName(a.key, 'person', 'Mrs'), b];
        for (const one of again.filter(({ key }) => key === a.key)) expect(one.looseKey).toBe(a.looseKey);
      }),
    );
  });

  it('put names that may match into one bucket, whichever side asks', () => {
    fc.assert(
      fc.property(read, read, ({ read: a }, { read: b }) => {
        expect(compareNames(a, b)).toBe(compareNames(b, a));
        if (compareNames(a, b) !== 'different') expect(bucketOf(a.looseKey)).toBe(bucketOf(b.looseKey));
      }),
    );
  });

  it('stay in the bucket in which they were stored', () => {
    expect(['', 'smith', 'acmelimited', 'ωμέγα'].map(bucketOf)).toEqual([7385, 35070, 46473, 59630]);
  });

  it('spread evenly over the buckets', () => {
    const buckets = Array.from({ length: 16_000 }, (_, i) => bucketOf(`firm${i}limited`) >> 12);
    const sizes = Array.from({ length: 16 }, (_, part) => buckets.filter((bucket) => bucket === part).length);
    expect(Math.min(...sizes)).toBeGreaterThan(850);
    expect(Math.max(...sizes)).toBeLessThan(1150);
  });
});
