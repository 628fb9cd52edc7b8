import { css, sequential, theme } from '../../charts/colour';
import type { Normalise } from '../../math/confusion';
import { number, percent } from '../../math/format';
import type { Domain, Shown } from './domain';
import { heatOf } from './heat';

interface Props {
  readonly by: Normalise;
  readonly shown: Shown;
  readonly domain: Domain;
  /** Whether any cell rests on few examples, and whether any rate is undefined. */
  readonly doubt: boolean;
  readonly gaps: boolean;
  /** Whether cells are too small for stripes. */
  readonly small: boolean;
}

const MEANING: Record<Normalise, string> = {
  count: 'examples',
  row: 'share of the true class',
  column: 'share of the predictions of the class',
};

/** What the colours mean: their ends, of what, and what stripes say. */
export function Legend({ by, shown, domain, doubt, gaps, small }: Props) {
  // Read here, so that the ramp is drawn again in the other theme.
  const stops = [theme.value, 0, 0.25, 0.5, 0.75, 1].slice(1).map((t) => css(sequential(heatOf(Number(t), small))));
  const end = by === 'count' ? number(domain.top) : percent(domain.top);
  return (
    <div class="ls-confusion-legend">
      <div class="ls-confusion-ramp">
        <div style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
        <span>{by === 'count' ? '1' : '>0'}</span>
        <span>
          {end}
          {domain.exceeded ? ' and more' : ''}
        </span>
      </div>
      <p>
        {MEANING[by]}, same scale at every step{shown === 'errors' ? '; correct ones in grey' : ''}
        {doubt ? <Key kind={small ? 'pale' : 'stripes'}>few examples: the 95 % interval is wider than 30 points</Key> : null}
        {gaps ? <Key kind="gap">{by === 'column' ? 'never predicted' : 'no examples'}</Key> : null}
      </p>
    </div>
  );
}

function Key({ kind, children }: { kind: 'stripes' | 'pale' | 'gap'; children: string }) {
  return (
    <span class="ls-confusion-key">
      <i class={`ls-confusion-key-${kind}`} />
      {children}
    </span>
  );
}
