import { css, sequential } from '../../charts/colour';
import { number } from '../../math/format';
import { IS } from '../../math/tensor_measures';
import type { TensorScale } from '../../math/tensor_scale';
import { colourOf } from './paint';

interface Props {
  readonly scale: TensorScale | undefined;
  /** What stands in the cells, of `IS`; 0 is told apart from other values. */
  readonly present: ReadonlySet<number>;
  readonly hasZero: boolean;
  readonly trainings: number;
  readonly what: string;
  readonly isShare: boolean;
}

const STOPS = 24;

/** The scale, what its ends mean, and the looks of what is no value. */
export function Legend({ scale, present, hasZero, trainings, what, isShare }: Props) {
  return (
    <div class="ls-tensors-legend">
      {scale === undefined ? null : <Ramp scale={scale} />}
      <p>
        {scale === undefined
          ? isShare
            ? ''
            : 'No value is above 0. '
          : `${what}; log scale, fixed over all logged steps${trainings > 1 ? ` of ${trainings} trainings` : ''}: ${ends(scale)} `}
        {hasZero ? <Chip look={{ background: css(colourOf(0, scale)) }} text={isShare ? 'all finite' : 'zero'} /> : null}
        {present.has(IS.none) ? <Chip name="none" text={isShare ? 'none' : 'no gradient or update'} /> : null}
        {present.has(IS.missing) ? <Chip name="missing" text="not logged" /> : null}
        {present.has(IS.undefined) ? <Chip name="missing" text="undefined: divided by 0" /> : null}
        {present.has(IS.nonFinite) ? <Chip look={{ background: css(sequential(Number.NaN)) }} text="NaN or infinite" /> : null}
      </p>
    </div>
  );
}

function ends({ isOpenBelow, isOpenAbove }: TensorScale): string {
  if (!isOpenBelow && !isOpenAbove) return 'from the least to the greatest.';
  const which = isOpenBelow && isOpenAbove ? 'beyond its ends' : isOpenBelow ? 'below its lower end' : 'above its upper end';
  return `values ${which} (at most 1 in 100) have that end’s colour.`;
}

function Ramp({ scale }: { scale: TensorScale }) {
  const { low, high, isOpenBelow, isOpenAbove } = scale;
  const at = (share: number) => 10 ** (low + share * (high - low));
  const colours = Array.from({ length: STOPS + 1 }, (_, k) => css(colourOf(at(k / STOPS), scale)));
  return (
    <div class="ls-tensors-ramp">
      <div style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }} />
      <span>
        {isOpenBelow ? '≤ ' : ''}
        {number(at(0))}
      </span>
      <span>{number(at(0.5))}</span>
      <span>
        {isOpenAbove ? '≥ ' : ''}
        {number(at(1))}
      </span>
    </div>
  );
}

function Chip({ name = '', look, text }: { name?: string; look?: { background: string }; text: string }) {
  return (
    <span class="ls-tensors-chip">
      <i class={name === '' ? '' : `ls-tensors-${name}`} style={look} />
      {text}
    </span>
  );
}
