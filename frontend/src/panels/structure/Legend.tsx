import type { Model } from '../../math/tree';
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
      {colouring === 'class' ? familiesIn(model).map(({ name, colour }) => <Key key={name} name={name} fill={mute(colour)} />) : null}
      {colouring === 'trainable' ? (
        <>
          <Key name="trainable" fill={TRAINABLE_FILL} />
          <Key name="no parameters to train" fill="var(--ls-bg)" />
        </>
      ) : null}
      {model.count.frozen > 0 ? (
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
