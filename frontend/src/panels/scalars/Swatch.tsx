interface Props {
  readonly colour: string;
  readonly dash: readonly number[];
  /** From 0 to 1. */
  readonly strength: number;
}

/** A piece of a line, as it is drawn in the chart. */
export function Swatch({ colour, dash, strength }: Props) {
  return (
    <svg class="ls-scalars-swatch" width="22" height="8" aria-hidden="true" opacity={strength}>
      <line x1="0" x2="22" y1="4" y2="4" stroke={colour} stroke-width={strength < 1 ? 1 : 2} stroke-dasharray={dash.join(' ')} />
    </svg>
  );
}
