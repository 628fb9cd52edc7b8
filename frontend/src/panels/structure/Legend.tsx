import { css, sequential } from '../../charts/colour';
import { inFull, number } from '../../math/format';
import { CALLED } from '../../math/tensor_words';
import type { Model } from '../../math/tree';
import { colourOf } from '../tensor_stats/paint';
import { type Health, looksAt } from './health';
import { type Colouring, familiesIn, mute, shade, TRAINABLE_FILL } from './paint';

const STEPS = 24;

/** What the colours say. */
export function Legend({ model, colouring }: { model: Model; colouring: Colouring }) {
  if (colouring === 'none' && model.count.frozen === 0) return null;
  return (
    <div class="ls-structure-legend">
      {colouring === 'parameters' ? (
        <span class="ls-structure-key">
          0{'\u202f'}%
          <span
            class="ls-structure-ramp"
            style={{
              background: `linear-gradient(to right, ${Array.from({ length: STEPS }, (_, k) => shade(k / (STEPS - 1)).fill).join()})`,
            }}
          />
          100{'\u202f'}% share of all parameters
        </span>
      ) : null}
      {typeof colouring === 'string' ? null : <HealthKey health={colouring} />}
      {colouring === 'class' ? familiesIn(model).map(({ name, colour }) => <Key key={name} name={name} fill={mute(colour)} />) : null}
      {colouring === 'trainable' ? (
        <>
          <Key name="trainable" fill={TRAINABLE_FILL} />
          <Key name="no parameters to train" fill="var(--ls-bg)" />
        </>
      ) : null}
      {model.count.frozen > 0 && typeof colouring === 'string' ? (
        <span class="ls-structure-key">
          <span class="ls-structure-swatch ls-structure-swatch-hatch" />
          frozen
        </span>
      ) : null}
    </div>
  );
}

function Key({ name, fill }: { name: string; fill: string }) {
  return (
    <span class="ls-structure-key">
      <span class="ls-structure-swatch" style={{ background: fill }} />
      {name}
    </span>
  );
}

/** The scale of a measure, which no step changes. */
function HealthKey({ health }: { health: Health }) {
  const { measure, scale, table, i } = health;
  const { zero, none, missing, notFinite } = looksAt(health);
  const at = (share: number) => (scale === undefined ? 0 : 10 ** (scale.low + share * (scale.high - scale.low)));
  const colour = (share: number) => css(colourOf(at(share), scale));
  const step = i < 0 ? 'before its first logged step' : `at step ${inFull(table.step[i] ?? 0)}`;
  return (
    <>
      <span class="ls-structure-key">
        {scale === undefined ? null : (
          <>
            {scale.isOpenBelow ? '≤ ' : ''}
            {number(at(0))}
            <Ramp from={0} to={0.5} colour={colour} />
            {number(at(0.5))}
            <Ramp from={0.5} to={1} colour={colour} />
            {scale.isOpenAbove ? '≥ ' : ''}
            {number(at(1))}
          </>
        )}{' '}
        {CALLED[measure]} {step}; log scale, fixed over all steps
      </span>
      {zero ? <Key name="zero" fill={css(colourOf(0, scale))} /> : null}
      {none ? <Key name="no gradient or update" fill="var(--ls-line)" /> : null}
      {notFinite ? <Key name="NaN or infinite" fill={css(sequential(Number.NaN))} /> : null}
      {missing ? (
        <span class="ls-structure-key">
          <span class="ls-structure-swatch ls-structure-swatch-hatch" />
          not logged
        </span>
      ) : null}
    </>
  );
}

/** Part of a scale, with a number at each of its ends. */
function Ramp({ from, to, colour }: { from: number; to: number; colour: (share: number) => string }) {
  const colours = Array.from({ length: STEPS }, (_, k) => colour(from + ((to - from) * k) / (STEPS - 1)));
  return <span class="ls-structure-ramp ls-structure-half" style={{ background: `linear-gradient(to right, ${colours.join()})` }} />;
}
