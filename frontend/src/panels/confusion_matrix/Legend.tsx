import { css, theme } from '../../charts/colour';
import type { Normalise } from '../../math/confusion';
import { count, number, percent } from '../../math/format';
import type { Domain, Shown } from './domain';
import { colourOfHeat, heatOf } from './heat';

interface Props {
  readonly by: Normalise;
  readonly shown: Shown;
  readonly domain: Domain;
  /** Whether any cell rests on few examples, and whether any rate is undefined. */
  readonly doubt: boolean;
  readonly gaps: boolean;
  /** Whether cells are too small for stripes. */
  readonly small: boolean;
  /** Of what the picture is a difference, if it is one. */
  readonly changed: Changed | undefined;
}

interface Changed {
  readonly tested: number;
  readonly differing: number;
  readonly by: 'row' | 'column';
  readonly subtracted: string;
}

const MEANING: Record<Normalise, string> = {
  count: 'examples',
  row: 'share of the true class',
  column: 'share of the predictions of the class',
  all: 'share of all examples of known truth',
  lift: 'times as often as by chance, as powers of two; empty cells have no colour',
};

/** What the colours mean: their ends, of what, and what stripes say. */
export function Legend({ by, shown, domain, doubt, gaps, small, changed }: Props) {
  const isSigned = changed !== undefined || by === 'lift';
  // Read here, so that the ramp is drawn again in the other theme.
  const stops = [theme.value, 0, 0.25, 0.5, 0.75, 1]
    .slice(1)
    .map((t) => css(isSigned ? colourOfHeat(Number(t), 'diverging') : colourOfHeat(heatOf(Number(t), small), 'sequential')));
  const more = domain.exceeded ? ' and more' : '';
  return (
    <div class="ls-confusion-legend">
      <div class="ls-confusion-ramp">
        <div style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
        <Ends by={by} domain={domain} changed={changed} more={more} />
      </div>
      <p>
        {changed === undefined ? (
          <>
            {MEANING[by]}, same scale at every step{domain.scale === 'log' ? ', logarithmic' : ''}
            {shown === 'errors' ? '; correct ones in grey' : ''}
            {doubt ? <Key kind={small ? 'pale' : 'stripes'}>few examples: the 95 % interval is wider than 30 points</Key> : null}
            {gaps ? (
              <Key kind="gap">
                {by === 'column' ? 'never predicted' : by === 'lift' ? 'no examples, or never predicted' : 'no examples'}
              </Key>
            ) : null}
          </>
        ) : (
          <>
            {MEANING[changed.by]} minus that of <bdi>{changed.subtracted}</bdi>; same scale at every step
            <span class="ls-confusion-key" data-testid="differing">
              {count(changed.differing)} of {count(changed.tested)} cells differ surely; chance alone would give about{' '}
              {count(Math.ceil(changed.tested / 20))} at most. The 95 % intervals (Newcombe) take the two for independent samples.
            </span>
            {doubt ? <Key kind="pale">pale: the interval of the difference holds 0</Key> : null}
            {gaps ? <Key kind="gap">no rate in one of both, or not in this run</Key> : null}
          </>
        )}
      </p>
    </div>
  );
}

function Ends({ by, domain, changed, more }: { by: Normalise; domain: Domain; changed: Changed | undefined; more: string }) {
  if (changed !== undefined || by === 'lift') {
    const size = changed === undefined ? domain.top : percent(domain.top);
    return (
      <>
        <span>−{size}</span>
        <span>
          +{size}
          {more}
        </span>
      </>
    );
  }
  const write = by === 'count' ? number : percent;
  return (
    <>
      <span>{domain.scale === 'log' ? `${write(domain.low)}${by === 'count' ? '' : ' and less'}` : by === 'count' ? '1' : '>0'}</span>
      <span>
        {write(domain.top)}
        {more}
      </span>
    </>
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
