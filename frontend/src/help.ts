/** One sentence of help for each term on the page. Panels bring theirs in `panels/<kind>/help.ts`. */

export type Terms = Readonly<Record<string, string>>;

const own: Terms = {
  training: 'All runs that belong to one training: what the callback, the epochs and the evaluations wrote.',
  reference: 'The training that the others are compared with.',
  evaluation: 'A data set the model was tried on, and, if the model has several, one of its outputs.',
  step: 'Training batches finished. A series that was not logged at this step shows its last point before it.',
  epoch: 'One pass over the training data.',
  'follow latest': 'The picture moves to each new step as it arrives. Choosing a step holds it still.',
  live: 'Something new was written to this training in the last two minutes. The page fetches it by itself.',
  written: 'When something was last written to this training. Nothing new for two minutes: it has ended, or pauses.',
};

const brought = import.meta.glob<{ terms: Terms }>('./panels/*/help.ts', { eager: true });

/** All terms by name. */
export const terms: Terms = Object.assign({}, ...Object.values(brought).map((file) => file.terms), own);

/** The sentence for a term; undefined when there is none. */
export function help(name: string): string | undefined {
  return Object.hasOwn(terms, name) ? terms[name] : undefined;
}
