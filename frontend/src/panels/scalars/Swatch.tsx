import { FAINT } from '../../charts/axis';

/** A piece of a line, as it is drawn in the chart. */
export function Swatch({ colour, dash, faint = false }: { colour: string; dash: readonly number[]; faint?: boolean }) {
  return (
    <svg class="ls-scalars-swatch" width="22" height="8" aria-hidden="true" opacity={faint ? FAINT : 1}>
      <line x1="0" x2="22" y1="4" y2="4" stroke={colour} stroke-width={faint ? 1 : 2} stroke-dasharray={dash.join(' ')} />
    </svg>
  );
}
