import { css, notFinite } from '../../charts/colour';
import { number } from '../../math/format';
import { IS } from '../../math/tensor_measures';
import { type TensorScale, valueAt } from '../../math/tensor_scale';
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
          : `${what}; log scale${scale.isSigned === true ? ' on both sides of 0' : ''}, fixed over all logged steps${trainings > 1 ? ` of ${trainings} trainings` : ''}: ${ends(scale)} `}
        {hasZero ? <Chip look={css(colourOf(0, scale))} text={isShare ? 'all finite' : 'zero'} /> : null}
        {present.has(IS.none) ? <Chip look="none" text={isShare ? 'none' : 'no gradient or update'} /> : null}
        {present.has(IS.missing) ? <Chip look="missing" text="not logged" /> : null}
        {present.has(IS.undefined) ? <Chip look="missing" text="undefined: divided by 0" /> : null}
        {present.has(IS.nonFinite) ? <Chip look={notFinite()} text="NaN or infinite" /> : null}
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
  const { isOpenBelow, isOpenAbove } = scale;
  const at = (share: number) => valueAt(scale, share);
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

interface ChipProps {
  /** A plain colour, or a pattern by its name. */
  readonly look: string;
  readonly text: string;
}

/** A look and what it says; drawn as a picture, so that it is in a saved one too. */
function Chip({ look, text }: ChipProps) {
  return (
    <span class="ls-tensors-chip">
      <svg width="16" height="10" aria-hidden="true">
        {look === 'missing' ? (
          <path class="ls-tensors-missing" d="M-1 5L4 0M-1 10L9 0M4 10L14 0M9 10L17 2M14 10L17 7" />
        ) : look === 'none' ? (
          <>
            <rect class="ls-tensors-none" width="16" height="10" />
            <path class="ls-tensors-dots" d="M2 2h1M6 2h1M10 2h1M14 2h1M2 6h1M6 6h1M10 6h1M14 6h1" />
          </>
        ) : (
          <rect width="16" height="10" style={{ fill: look }} />
        )}
        <rect class="ls-tensors-edge" x="0.5" y="0.5" width="15" height="9" />
      </svg>
      {text}
    </span>
  );
}
