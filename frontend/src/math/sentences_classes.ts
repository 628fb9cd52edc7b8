/** Sentences of classes that are worse, or better, than they were: since an earlier evaluation, or than in the reference. */
import { type ClassChange, difference, type Fall } from './class_changes';
import { middle } from './ellipsis';
import { between, count, inFull, percent } from './format';
import { bare, type Part, type Reference, referenceLink, type Sentence } from './sentences_predictions';

/** Letters of a class's name in a sentence, and classes that are named. */
const LETTERS = 40;
const MOST_NAMED = 3;

/**
 * "Class 8 got worse between steps 300 and 400: recall 98.2 → 91 %, 55 of 56 at step 300 → 51 of 56", a link to the class and the step.
 *
 * @param step The step that the link goes to.
 */
export function fallSentence(fall: Fall, label: (k: number) => string, step: number): Sentence {
  const selects = { classes: [fall.k], step };
  return [
    {
      text: `Class ${middle(label(fall.k), LETTERS)} got worse between steps ${inFull(fall.from)} and ${inFull(fall.to)}`,
      selects,
      term: 'got worse',
    },
    { text: `: recall ${fromTo(fall)}` },
    { text: `, ${counts(fall)}; ${surely(fall)}`, tone: 'soft' },
  ];
}

/** "Class 8 got better since step 300: recall 71 → 93 %"; of several the one that changed most, and how many more. */
export function riseSentence(changes: readonly ClassChange[], label: (k: number) => string): Sentence | undefined {
  const risen = changes.filter((each) => difference(each) > 0);
  const [first] = risen;
  if (first === undefined) return undefined;
  const more = risen.length === 1 ? '' : `; so did ${count(risen.length - 1)} more`;
  return [
    {
      text: `Class ${middle(label(first.k), LETTERS)} got better since step ${inFull(first.before.step)}`,
      selects: { classes: [first.k] },
      term: 'got better',
    },
    { text: `: recall ${fromTo(first)}` },
    { text: `, ${counts(first)}; ${surely(first)}${more}`, tone: 'soft' },
  ];
}

/** "Worse than run-a in 8 (recall 91 %, there 98.2 %) and 3 (…)"; the classes that differ most are named, the others counted. */
export function againstSentence(
  changes: readonly ClassChange[],
  verdict: 'Worse' | 'Better',
  reference: Reference,
  label: (k: number) => string,
): Sentence | undefined {
  const sign = verdict === 'Worse' ? -1 : 1;
  const found = changes.filter((each) => difference(each) * sign > 0);
  const [first] = found;
  if (first === undefined) return undefined;
  const named = found.slice(0, MOST_NAMED);
  const parts = named.flatMap((each, i): readonly Part[] => [
    { text: i === 0 ? '' : i === named.length - 1 && found.length === named.length ? ' and ' : ', ' },
    { text: middle(label(each.k), LETTERS), selects: { classes: [each.k] }, title: `${points(difference(each))} points; ${surely(each)}` },
    { text: ` (recall ${percent(each.now.recall)}, there ${percent(each.before.recall)})`, tone: 'soft' },
  ]);
  const more = found.length - named.length;
  return [
    { text: `${verdict} than `, term: 'differs from the reference' },
    referenceLink(reference, first.now.step),
    { text: ` in ${found.length === 1 ? 'class' : 'classes'} ` },
    ...parts.filter(({ text }) => text !== ''),
    ...(more === 0 ? [] : [{ text: ` and ${count(more)} more` }]),
  ];
}

function fromTo({ before, now }: ClassChange): string {
  return `${bare(before.recall)} → ${percent(now.recall)}`;
}

function counts({ before, now, isWeighted }: ClassChange): string {
  if (isWeighted) return `by weight, at step ${inFull(before.step)} and now`;
  return `${count(before.right)} of ${count(before.of)} at step ${inFull(before.step)} → ${count(now.right)} of ${count(now.of)}`;
}

/** How sure that is: "95 % interval of the difference −13 to −1", or, of the same samples, "12 of them newly wrong, 1 newly right". */
function surely({ range, turned }: ClassChange): string {
  if (turned !== undefined) return `${count(turned.wrong)} of them newly wrong, ${count(turned.right)} newly right`;
  return range === undefined ? '' : `95 % interval of the difference ${between(range, points)}`;
}

/** A difference of rates in points of a hundred. */
function points(x: number): string {
  return bare(x);
}
