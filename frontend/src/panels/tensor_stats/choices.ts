/** The reader's choices of this panel, kept in the selection's options. */
import { ALL_MEASURES, type Measure } from '../../math/tensor_measures';
import type { Fold } from '../../math/tensor_rows';
import type { Selection } from '../../selection';

type Options = Selection['options'];

export type Compare = 'beside' | 'times';

export interface Choices {
  readonly measure: Measure;
  /** Undefined: layers, or groups where there are too many layers to name each. */
  readonly fold: Fold | undefined;
  readonly kernelsOnly: boolean;
  readonly compare: Compare;
}

const FOLDS: readonly Fold[] = ['groups', 'layers', 'parameters'];
const DEFAULTS = { measure: 'update_ratio', kernels: 'all', compare: 'beside' } as const;

/**
 * The choices in force; what a link asks for but cannot be read is left at its default.
 *
 * @param usual The measure that is shown until somebody chooses another.
 */
export function choices(options: Options, usual: Measure = DEFAULTS.measure): Choices {
  return {
    measure: ALL_MEASURES.find((measure) => measure === options['tensors.measure']) ?? usual,
    fold: FOLDS.find((fold) => fold === options['tensors.fold']),
    kernelsOnly: options['tensors.kernels'] === 'only',
    compare: options['tensors.compare'] === 'times' ? 'times' : DEFAULTS.compare,
  };
}

/** The options with one choice made; what is at its default is not written. */
export function withChoice(
  options: Options,
  name: 'measure' | 'fold' | 'kernels' | 'compare',
  value: string,
  usual: Measure = DEFAULTS.measure,
): Options {
  const key = `tensors.${name}`;
  const others = Object.fromEntries(Object.entries(options).filter(([each]) => each !== key));
  const isUsual = name === 'measure' ? value === usual : name !== 'fold' && value === DEFAULTS[name];
  return isUsual ? others : { ...others, [key]: value };
}
