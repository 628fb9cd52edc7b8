/** The reader's choices of this panel, kept in the selection's options so that a link opens the same picture. */
import type { Scale } from '../../math/domain';
import type { Selection } from '../../selection';

type Options = Selection['options'];

export const MOST_SMOOTHING = 0.99;

export interface Choices {
  /** Weight of the past; 0 is off. */
  readonly smoothing: number;
  /** Charts whose scale was chosen. */
  readonly scales: Readonly<Record<string, Scale>>;
}

/** The choices in force; what a link asks for but cannot be read is left at its default. */
export function choices(options: Options): Choices {
  const smoothing = Number(options['scalars.smoothing'] ?? 0);
  return {
    smoothing: smoothing >= 0 && smoothing <= MOST_SMOOTHING ? smoothing : 0,
    scales: { ...scalesIn(options, 'linear'), ...scalesIn(options, 'log') },
  };
}

export function withSmoothing(options: Options, weight: number): Options {
  return weight === 0 ? without(options, 'smoothing') : { ...options, 'scalars.smoothing': String(weight) };
}

/** The options with the scale of one chart chosen. */
export function withScale(options: Options, chart: string, scale: Scale): Options {
  const scales = { ...choices(options).scales, [chart]: scale };
  const named = (wanted: Scale) => Object.keys(scales).filter((name) => scales[name] === wanted);
  let changed = options;
  for (const each of ['linear', 'log'] as const) {
    const names = named(each);
    changed = names.length === 0 ? without(changed, each) : { ...changed, [`scalars.${each}`]: names.map(encodeURIComponent).join(' ') };
  }
  return changed;
}

function scalesIn(options: Options, scale: Scale): Record<string, Scale> {
  const names = (options[`scalars.${scale}`] ?? '').split(' ').filter((name) => name !== '');
  return Object.fromEntries(names.map((name) => [decoded(name), scale]));
}

function without(options: Options, name: string): Options {
  return Object.fromEntries(Object.entries(options).filter(([key]) => key !== `scalars.${name}`));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
