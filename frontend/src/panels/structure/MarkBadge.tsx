import { Said } from './Card';
import { type Mark, SIGNS } from './marks';

const RADIUS = 8;

/** The sign at a box' right upper corner: how it differs from that of another model. */
export function MarkBadge({ mark, x }: { mark: Mark | undefined; x: number }) {
  if (mark === undefined) return null;
  const width = Math.max(2 * RADIUS, 8 + 7 * mark.sign.length);
  return (
    <g class="ls-structure-mark" transform={`translate(${x - width / 2 - 6} 0)`} data-mark={mark.sign}>
      <rect x={-width / 2} y={-RADIUS} width={width} height={2 * RADIUS} rx={RADIUS} />
      <text y={4} text-anchor="middle">
        <Said words=", " />
        {mark.sign}
        <Said words={` ${mark.words}`} />
      </text>
    </g>
  );
}

/** What the signs in the picture mean. */
export function MarksKey({ marks }: { marks: ReadonlyMap<number, Mark> }) {
  const signs = new Set([...marks.values()].map(({ sign }) => sign));
  return (
    <span class="ls-structure-key" data-testid="marks-key">
      {(['added', 'changed', 'moved'] as const)
        .filter((word) => signs.has(SIGNS[word]))
        .map((word) => (
          <span key={word} class="ls-structure-key">
            <span class="ls-structure-sign" aria-hidden="true">
              {SIGNS[word]}
            </span>{' '}
            {word}
          </span>
        ))}
      <span class="ls-soft">against the other model, below</span>
    </span>
  );
}
