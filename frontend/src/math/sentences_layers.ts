/** The sentence beside a class that got worse: what of the training stands out between the two evaluations. */
import type { Activity } from '../schema.gen';
import { middle } from './ellipsis';
import { inFull, number, percent } from './format';
import type { Link, Part, Sentence } from './sentences_predictions';
import type { Outlier, Standing, Window } from './standing_out';

const HEAT_MAP = '[data-panel="tensor_stats"] .ls-heat-selected';
const RATE = '[data-panel="scalars"]';
const ACTIVITY = '[data-panel="activity"]';

const LETTERS = 48;
const MOST_NAMED = 3;

/** "Between these steps the update of `dense_2/kernel` was 12 times its usual size", a link to the layer and the step in Training. */
export function layersSentence(standing: Standing, window: Window, died: Died | undefined): Sentence {
  const { outliers, nonFinite, rate } = standing;
  const there = { selects: { view: 'training', step: window.to }, shows: '[data-panel="tensor_stats"]' } as const;
  if (standing.inside === 0) return [{ text: 'Nothing was logged of the layers between these steps.', ...there, tone: 'soft' }];
  const found: Part[][] = [];
  if (nonFinite !== undefined) {
    const { path, layer, of, step } = nonFinite;
    const measure = of === 'weight' ? 'weight_norm' : of === 'gradient' ? 'gradient_norm' : undefined;
    found.push([
      { text: `the ${of} of ` },
      link(middle(path, LETTERS), layer, step, measure),
      { text: ` was not finite from step ${inFull(step)} on` },
    ]);
  }
  if (rate !== undefined) {
    const text = `the learning rate rose from ${number(rate.before)} to ${number(rate.after)}`;
    found.push([{ text, selects: { view: 'training', step: rate.step }, shows: RATE }]);
  }
  const first = outliers[0];
  // Those of the same measure as the first: more of them would be a list, not a sentence.
  const named = outliers.filter(({ measure }) => measure === first?.measure).slice(0, MOST_NAMED);
  if (named.length > 0) {
    const parts = named.flatMap((each, i): readonly Part[] => [
      { text: i === 0 ? `the ${called(each)} of ` : i === named.length - 1 ? ' and that of ' : ', that of ' },
      { ...outlierLink(each), title: detailsOf(each) },
      { text: i === 0 ? ` was ${times(each.times)} ` : ` ${times(each.times)}` },
      ...(i === 0 ? [{ text: 'its usual size', term: 'usual size' }] : []),
    ]);
    found.push([...parts]);
  }
  if (died !== undefined) {
    found.push([
      { text: `${percent(died.after)} of the units of ` },
      { text: middle(died.path, LETTERS), selects: { view: 'training', step: window.to, layer: died.path }, shows: ACTIVITY },
      { text: ` were never above 0, ${percent(died.before)} before` },
    ]);
  }
  if (found.length === 0) {
    if (standing.before < LEAST_TOLD)
      return [{ text: 'Too little was logged of the layers to say what stands out between these steps.', ...there, tone: 'soft' }];
    return [{ text: 'No layer’s updates or gradients stand out between these steps', ...there, term: 'usual size', tone: 'soft' }];
  }
  return [
    { text: 'Between these steps', ...there },
    { text: ' ' },
    ...found.flatMap((parts, i) => (i === 0 ? parts : [{ text: '; ' }, ...parts])),
  ];
}

const LEAST_TOLD = 10;

/** A layer of which more units are never above 0 than before. */
export interface Died {
  readonly path: string;
  readonly before: number;
  readonly after: number;
}

/** How many points more of a layer's units are never above 0, for it to be said. */
const LEAST_DIED = 0.2;

/** The layer that lost most of its units between two evaluations: those that are never above 0 on any example. */
export function diedBetween(before: Activity, after: Activity): Died | undefined {
  const share = (of: Activity, i: number) => (of.never_positive[i] ?? 0) / Math.max(1, of.units[i] ?? 0);
  let most: Died | undefined;
  after.layers.forEach(({ path, is_output: isOutput }, i) => {
    const there = before.layers.findIndex((each) => each.path === path);
    if (there < 0 || isOutput) return;
    const died = { path, before: share(before, there), after: share(after, i) };
    const lost = died.after - died.before;
    if (lost >= LEAST_DIED && lost > (most === undefined ? 0 : most.after - most.before)) most = died;
  });
  return most;
}

function called({ measure }: Outlier): string {
  return measure === 'update_ratio' ? 'update' : 'gradient';
}

function outlierLink({ path, layer, step, measure }: Outlier): Link {
  return link(middle(path, LETTERS), layer, step, measure === 'update_ratio' ? undefined : measure);
}

/** A link to the row of a layer, at a step, in the picture of a measure; undefined is the one that is shown at first. */
function link(text: string, layer: string, step: number, measure: string | undefined): Link {
  // With all parameters shown, the one named is among them, a bias too.
  const options = { 'tensors.measure': measure, 'tensors.kernels': undefined };
  return { text, selects: { view: 'training', layer, step }, options, shows: HEAT_MAP, tone: 'code' };
}

function times(x: number): string {
  return `${number(x < 10 ? Number(x.toFixed(1)) : Math.round(x))} times`;
}

function detailsOf({ measure, value, usual, most, over }: Outlier): string {
  const what = measure === 'update_ratio' ? '‖update‖ / ‖weights‖' : 'gradient norm';
  return `${what}: median ${number(value)} between these steps, ${number(usual)} in steps ${inFull(over.from)} to ${inFull(over.to - 1)}, where 95 % are at most ${number(most)}`;
}
