/**
 * What is looked at: the one state of the page, kept in the URL so that a link opens the same picture.
 * In TensorBoard's own form for a plugin's state: `#layerscope&p.layerscope.<key>=<value>`.
 */

export type View = 'model' | 'training' | 'predictions';

export interface Selection {
  readonly view: View;
  /** Names of the trainings shown; the first is in focus. Empty: the newest one. */
  readonly trainings: readonly string[];
  readonly reference: string | null;
  readonly evaluation: string | null;
  /** Null follows the latest. */
  readonly step: number | null;
  /** Path of a layer, as in the structure's nodes. */
  readonly layer: string | null;
  /** Class ids: one for a class, two (true, predicted) for a cell. */
  readonly classes: readonly number[];
  readonly threshold: number | null;
  /** Id of a sample of the evaluation; where ids are no texts, its number as digits. */
  readonly sample: string | null;
  /** Choices of single panels by `<panel>.<choice>`, absent at their default. */
  readonly options: Readonly<Record<string, string>>;
}

export const NOTHING_SELECTED: Selection = {
  view: 'model',
  trainings: [],
  reference: null,
  evaluation: null,
  step: null,
  layer: null,
  classes: [],
  threshold: null,
  sample: null,
  options: {},
};

const PLUGIN = 'layerscope';
const PREFIX = `p.${PLUGIN}.`;
const VIEWS: readonly View[] = ['model', 'training', 'predictions'];

/** Whether a hash is of this plugin's tab; an empty one is TensorBoard's for its first tab. */
export function isOurs(hash: string): boolean {
  const [plugin = ''] = hash.replace(/^#/, '').split('&');
  return plugin === '' || plugin === PLUGIN;
}

/** The selection that a hash tells of. What cannot be read, or is of a later version, is left at its default. */
export function readSelection(hash: string): Selection {
  const found: Record<string, string> = {};
  for (const part of hash.replace(/^#/, '').split('&')) {
    const equals = part.indexOf('=');
    const key = decoded(part.slice(0, Math.max(0, equals)));
    if (key?.startsWith(PREFIX)) found[key.slice(PREFIX.length)] = decoded(part.slice(equals + 1)) ?? '';
  }
  const options = Object.entries(found).flatMap(([key, value]) => (key.startsWith('o.') ? [[key.slice(2), value]] : []));
  return {
    view: VIEWS.find((view) => view === found.view) ?? NOTHING_SELECTED.view,
    trainings: list(found.trainings).flatMap((name) => decoded(name) ?? []),
    reference: found.reference ?? null,
    evaluation: found.evaluation ?? null,
    step: whole(found.step) ?? null,
    layer: found.layer ?? null,
    classes: list(found.classes).flatMap((id) => whole(id) ?? []),
    threshold: finite(found.threshold) ?? null,
    sample: found.sample ?? null,
    options: Object.fromEntries(options),
  };
}

/** The hash that tells of a selection; what is not ours in the old hash stays. */
export function writeSelection(hash: string, selection: Selection): string {
  const others = hash
    .replace(/^#/, '')
    .split('&')
    .slice(1)
    .filter((part) => part !== '' && !decoded(part)?.startsWith(PREFIX));
  const own: [string, string | null][] = [
    ['view', selection.view === NOTHING_SELECTED.view ? null : selection.view],
    ['trainings', selection.trainings.length === 0 ? null : selection.trainings.map(encoded).join(',')],
    ['reference', selection.reference],
    ['evaluation', selection.evaluation],
    ['step', selection.step === null ? null : String(selection.step)],
    ['layer', selection.layer],
    ['classes', selection.classes.length === 0 ? null : selection.classes.join(',')],
    ['threshold', selection.threshold === null ? null : String(selection.threshold)],
    ['sample', selection.sample],
    ...Object.entries(selection.options).map(([key, value]): [string, string] => [`o.${key}`, value]),
  ];
  const parts = own.flatMap(([key, value]) => (value === null ? [] : [`${encoded(PREFIX + key)}=${encoded(value)}`]));
  return `#${[PLUGIN, ...others, ...parts].join('&')}`;
}

function list(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : value.split(',');
}

function whole(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function finite(value: string | undefined): number | undefined {
  const x = value === undefined || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(x) ? x : undefined;
}

/** Half of a surrogate pair cannot stand in a URL. */
function encoded(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
