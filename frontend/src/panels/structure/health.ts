/** What training does to the layers in a box at a step: the colour of a box, and the words for it. Pure. */
import { css, type Rgb, sequential, textOn } from '../../charts/colour';
import type { Box } from '../../math/folding';
import { percent } from '../../math/format';
import { lastAt } from '../../math/series';
import { IS, type Measure, track } from '../../math/tensor_measures';
import { isKernel, isLearnt } from '../../math/tensor_rows';
import { commonScale, type TensorScale } from '../../math/tensor_scale';
import type { TensorSeries } from '../../math/tensor_series';
import { CALLED, cellText } from '../../math/tensor_words';
import type { Layer, Model } from '../../math/tree';
import type { Series } from '../../panel';
import { isNotFinite, type Row, shareAt, type Table, tableOf } from '../activity/rows_of';
import { colourOf } from '../tensor_stats/paint';
import type { Paint } from './paint';
import type { Read } from './read_structure';

/** A measure at a step, of the training whose model is shown. */
export interface Health {
  readonly measure: Measure;
  readonly table: TensorSeries;
  /** Place of the step among those of the table; −1: before its first. */
  readonly i: number;
  readonly scale: TensorScale | undefined;
  /** Leaves out parameters of fewer than two axes. */
  readonly kernelsOnly: boolean;
}

/** The dead units at an evaluation. */
export interface Deadness {
  readonly measure: 'dead';
  readonly table: Table;
  /** Place of the evaluation; −1: before the first. */
  readonly i: number;
}

/** What a box says of itself. */
export interface Reading {
  readonly state: number;
  readonly value: number;
  readonly text: string;
  /** Name of the first layer inside that has values that are not finite. */
  readonly bad: string | undefined;
  readonly isFrozen: boolean;
}

/** The measures by which boxes are coloured. */
export const COLOURED: readonly { readonly value: Measure; readonly label: string }[] = [
  { value: 'update_ratio', label: 'update size' },
  { value: 'gradient_norm', label: 'gradient' },
  { value: 'weight_norm', label: 'weight' },
  { value: 'non_finite', label: 'not finite' },
];

/** The health of a training's model at a step. */
export function healthOf(
  tables: readonly TensorSeries[],
  training: string,
  measure: Measure,
  step: number,
  kernelsOnly: boolean,
): Health | undefined {
  const table = tables.find((each) => each.training === training);
  if (table === undefined) return undefined;
  return { measure, table, i: lastAt(table.step, step), scale: commonScale(tables, table, measure, kernelsOnly), kernelsOnly };
}

/** The dead units of a training's model at a step. */
export function deadnessOf(series: readonly Series<'activity'>[], tables: readonly TensorSeries[], training: string, step: number) {
  const own = series.find((each) => each.training === training);
  if (own === undefined) return undefined;
  const table = tableOf(
    own,
    'dead',
    tables.find((each) => each.training === training),
  );
  return { measure: 'dead', table, i: lastAt(table.step, step) } as const;
}

/** What stands at the step for a box; undefined where it has no parameters that the measure is of. */
export function readingOf(health: Health | Deadness, read: Read, box: Box): Reading | undefined {
  return health.measure === 'dead' ? deadIn(health, read, box) : measuredIn(health, read, box);
}

function measuredIn({ measure, table, i, kernelsOnly }: Health, read: Read, box: Box): Reading | undefined {
  const { members, isLogged } = membersOf(read, box, table, kernelsOnly);
  if (!isLogged) return undefined;
  const isFrozen = box.count.frozen > 0 && box.count.trainable === 0;
  const own = track(table, members, measure);
  const state = i < 0 || members.length === 0 ? IS.missing : (own.state[i] ?? IS.missing);
  // Also where it is a bias that is NaN.
  const bad = i < 0 ? undefined : badIn(table, membersOf(read, box, table, false).members, i);
  const text = state === IS.missing ? 'not logged' : cellText(measure, own, i, isFrozen);
  return {
    state: bad === undefined ? state : IS.nonFinite,
    value: own.value[i] ?? Number.NaN,
    text: bad === undefined || (measure === 'non_finite' && state === IS.nonFinite) ? text : 'not finite',
    bad,
    isFrozen,
  };
}

/** The units in a box that are dead, of all that were looked at. */
function deadIn({ table, i }: Deadness, { model, boxes }: Read, box: Box): Reading | undefined {
  const rows = rowsIn(table, model, boxes, box);
  if (rows.length === 0) return undefined;
  const told = i < 0 ? [] : rows.filter((row) => isNotFinite(row, i) || !Number.isNaN(shareAt(row, i)));
  const bad = told.find((row) => isNotFinite(row, i))?.path;
  const sum = (of: 'counted' | 'of') => told.reduce((all, row) => all + (row[of][i] ?? 0), 0);
  const value = sum('counted') / sum('of');
  const isTold = told.length > 0;
  return {
    state: bad !== undefined ? IS.nonFinite : isTold ? IS.value : IS.missing,
    value: bad === undefined ? value : Number.NaN,
    text: bad !== undefined ? 'not finite' : isTold ? percent(value) : 'not logged',
    bad,
    isFrozen: false,
  };
}

/** The rows of the layers in a box. */
function rowsIn(table: Table, model: Model, boxes: Read['boxes'], box: Box): readonly Row[] {
  const paths = new Set(layersInside(model, boxes, box).map(({ path }) => path));
  return table.rows.filter(({ path }) => paths.has(path));
}

/** The layers in a box, those of a layer without boxes of their own too. */
function layersInside(model: Model, boxes: Read['boxes'], box: Box): readonly Layer[] {
  const found: Layer[] = [];
  const add = (index: number, isWhole: boolean) => {
    const layer = model.layers[index];
    if (layer === undefined) return;
    found.push(layer);
    if (isWhole) for (const child of layer.children) add(child, true);
  };
  const stack = [box];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    stack.push(...next.children.flatMap((id) => boxes.list[id] ?? []));
    add(next.layer, next.children.length === 0);
  }
  return found;
}

/** The fill of a box with such a reading. */
export function healthPaint(health: Health | Deadness, reading: Reading | undefined): Paint {
  if (reading === undefined) return { fill: 'var(--ls-bg)' };
  if (reading.state === IS.none) return { fill: 'var(--ls-line)' };
  if (reading.state === IS.missing || reading.state === IS.undefined) return { fill: 'var(--ls-bg)', isHatched: true };
  // NaN has a colour that no scale has.
  const rgb = reading.state === IS.nonFinite ? sequential(Number.NaN) : shadeOf(health, reading.value);
  return { fill: css(rgb), ink: textOn(rgb) };
}

/** The colour of a value that is finite. */
export function shadeOf(health: Health | Deadness, value: number): Rgb {
  return health.measure === 'dead' ? sequential(value) : colourOf(value, health.scale);
}

/** How a measure is called. */
export function calledBy({ measure }: Health | Deadness): string {
  return measure === 'dead' ? 'dead units' : CALLED[measure];
}

export interface Looks {
  readonly zero: boolean;
  readonly none: boolean;
  readonly missing: boolean;
  readonly notFinite: boolean;
}

/** What at the step is no value, or 0: only that is in the legend. */
export function looksAt({ measure, table, i }: Health): Looks {
  const steps = table.step.length;
  const at = (statistic: string, is: (value: number) => boolean) => {
    const all = table.value.get(statistic);
    return i >= 0 && all !== undefined && table.rows.some(({ role }, p) => isLearnt(role) && is(all[p * steps + i] ?? Number.NaN));
  };
  const of = measure === 'weight_norm' ? 'weight' : measure === 'update_ratio' ? 'update' : 'gradient';
  return {
    zero: measure === 'non_finite' || at(`${of}_sum_squares`, (v) => v === 0),
    none: measure !== 'non_finite' && at(`${of}_sum_squares`, Number.isNaN),
    missing: i < 0 || table.logged.get(`${of}_sum_squares`)?.[i] !== 1,
    notFinite: (['weight', 'gradient', 'update'] as const).some(
      (part) => at(`${part}_sum_squares`, (v) => v === Number.POSITIVE_INFINITY) || at(`${part}_non_finite`, (v) => v > 0),
    ),
  };
}

function badIn(table: TensorSeries, members: Int32Array, i: number): string | undefined {
  const bad = members.find((p) => track(table, Int32Array.of(p), 'non_finite').state[i] === IS.nonFinite);
  return bad === undefined ? undefined : table.rows[bad]?.layer;
}

export interface Members {
  /** Places among the table's rows. */
  readonly members: Int32Array;
  /** Whether there is something to measure at all. */
  readonly isLogged: boolean;
}

const known = new WeakMap<TensorSeries, Map<string, Members>>();

/** The parameters inside a box, each array once. */
export function membersOf(read: Read, box: Box, table: TensorSeries, kernelsOnly: boolean): Members {
  const own = known.get(table) ?? new Map<string, Members>();
  known.set(table, own);
  const key = `${read.identity.length} ${box.key} ${kernelsOnly}`;
  const found = own.get(key) ?? made(read, box, table, kernelsOnly);
  own.set(key, found);
  return found;
}

function made({ model, boxes }: Read, box: Box, table: TensorSeries, kernelsOnly: boolean): Members {
  const places = new Map(table.rows.map(({ path }, p) => [path, p]));
  const found = new Set<number>();
  let isLogged = false;
  for (const path of layersInside(model, boxes, box).flatMap((layer) => learntBy(layer, model))) {
    const p = places.get(path);
    if (p === undefined) isLogged = true;
    else if (!kernelsOnly || isKernel(table.rows[p]?.shape)) {
      isLogged = true;
      found.add(p);
    }
  }
  return { members: Int32Array.from(found).sort(), isLogged };
}

/** Paths of the arrays that a layer itself learns. */
function learntBy({ weights }: Layer, model: Model): readonly string[] {
  return weights.flatMap((w) => {
    const weight = model.weights[w];
    const array = model.weights[weight?.array ?? -1] ?? weight;
    return array !== undefined && isLearnt(array.role) ? [array.path] : [];
  });
}
