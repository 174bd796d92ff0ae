import { type ImportCounts } from './types';

/** A running or finished import in one sentence, for operators who read the workflow's details. */
export function describeImport(counts: ImportCounts & { step: string }): string {
  const { total, done, linked, created, review, excluded, failed, step } = counts;
  if (step === 'preparing' || step === 'reading') return `Reading both sides: ${total} Sage contacts so far.`;
  const figures = `${linked} linked, ${created} created, ${review} for review, ${excluded} left out, ${failed} failed`;
  const settling = step === 'settling' ? ' Waiting to learn the outcome of creates without an answer.' : '';
  return `${step === 'done' ? 'Imported' : 'Importing'}: ${done} of ${total} Sage contacts (${figures}).${settling}`;
}
