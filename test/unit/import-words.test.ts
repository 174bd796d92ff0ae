import { describeImport } from '../../shared/domain/import-words';

const COUNTS = { total: 500, done: 120, linked: 70, created: 40, review: 6, excluded: 3, failed: 1 };

describe('the words of an import', () => {
  test.each([
    ['preparing', 'Reading both sides: 500 Sage contacts so far.'],
    ['reading', 'Reading both sides: 500 Sage contacts so far.'],
    [
      'matching',
      'Importing: 120 of 500 Sage contacts (70 linked, 40 created, 6 for review, 3 left out, 1 failed).',
    ],
    [
      'settling',
      'Importing: 120 of 500 Sage contacts (70 linked, 40 created, 6 for review, 3 left out, 1 failed). ' +
        'Waiting to learn the outcome of creates without an answer.',
    ],
    [
      'done',
      'Imported: 120 of 500 Sage contacts (70 linked, 40 created, 6 for review, 3 left out, 1 failed).',
    ],
  ])('while it is %s', (step, expected) => {
    expect(describeImport({ ...COUNTS, step })).toBe(expected);
  });
});
