import { css, diverging, sequential } from '../../charts/colour';
import { inFull, number } from '../../math/format';
import { heatOf } from '../../math/tensor_scale';
import { CALLED } from '../../math/tensor_words';
import type { Model } from '../../math/tree';
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
  const { none, missing, notFinite } = looksAt(health);
  const at = (share: number) => (scale === undefined ? 0 : 10 ** (scale.low + share * (scale.high - scale.low)));
  const colour = (share: number) => {
    const t = scale === undefined ? 0 : heatOf(at(share), scale);
    return css(scale?.isDiverging === true ? diverging(t) : sequential(t));
  };
  const step = i < 0 ? 'before its first logged step' : `at step ${inFull(table.step[i] ?? 0)}`;
  return (
    <>
      <span class="ls-structure-key">
        {scale === undefined ? null : (
          <>
            {scale.isOpenBelow ? '≤ ' : ''}
            {number(at(0))}
            <span
              class="ls-structure-ramp"
              style={{
                background: `linear-gradient(to right, ${Array.from({ length: STEPS }, (_, k) => colour(k / (STEPS - 1))).join()})`,
              }}
            />
            {scale.isOpenAbove ? '≥ ' : ''}
            {number(at(1))}
          </>
        )}{' '}
        {CALLED[measure]} {step}; log scale, fixed over all steps
      </span>
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
