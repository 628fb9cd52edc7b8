import { css, notFinite } from '../../charts/colour';
import { count, inFull, number } from '../../math/format';
import { valueAt } from '../../math/tensor_scale';
import { isNotFinite } from '../activity/rows_of';
import { calledBy, type Deadness, type Health, looksAt, shadeOf } from './health';
import { type Colouring, costOf, dtypeColour, dtypesOf, familiesIn, mute, shade, TRAINABLE_FILL } from './paint';
import type { Read } from './read_structure';

const STEPS = 24;

/** What the colours say. */
export function Legend({ read: { model, boxes }, colouring }: { read: Read; colouring: Colouring }) {
  const cost = costOf(boxes);
  if (colouring === 'none' && model.count.frozen === 0) return null;
  return (
    <div class="ls-structure-legend">
      {colouring === 'parameters' && model.count.unknown === 0 ? <ShareKey of="share of all parameters" /> : null}
      {colouring === 'parameters' && model.count.unknown > 0 ? <Hatched name="parameters of unknown size" /> : null}
      {colouring === 'cost' ? (
        <>
          <ShareKey
            of={`share of ${cost.isWhole ? 'all' : 'the'} ${count(cost.macs)} multiply-adds${cost.isWhole ? '' : ' that were counted'}`}
          />
          {cost.isWhole ? null : <Hatched name="a part was not counted" />}
        </>
      ) : null}
      {colouring === 'dtype'
        ? dtypesOf(model).map((dtype) => <Key key={dtype} name={dtype} fill={mute(dtypeColour(model, dtype))} />)
        : null}
      {typeof colouring === 'string' ? null : colouring.measure === 'dead' ? (
        <DeadKey health={colouring} />
      ) : (
        <HealthKey health={colouring} />
      )}
      {colouring === 'class' ? familiesIn(model).map(({ name, colour }) => <Key key={name} name={name} fill={mute(colour)} />) : null}
      {colouring === 'trainable' ? (
        <>
          <Key name="trainable" fill={TRAINABLE_FILL} />
          <Key name="no parameters to train" fill="var(--ls-bg)" />
        </>
      ) : null}
      {model.count.frozen > 0 && typeof colouring === 'string' && colouring !== 'cost' ? <Hatched name="frozen" /> : null}
    </div>
  );
}

function ShareKey({ of }: { of: string }) {
  const colours = Array.from({ length: STEPS }, (_, k) => shade(k / (STEPS - 1)).fill);
  return (
    <span class="ls-structure-key">
      0{'\u202f'}%
      <span class="ls-structure-ramp" style={{ background: `linear-gradient(to right, ${colours.join()})` }} />
      100{'\u202f'}% {of}
    </span>
  );
}

function Hatched({ name }: { name: string }) {
  return (
    <span class="ls-structure-key">
      <span class="ls-structure-swatch ls-structure-swatch-hatch" />
      {name}
    </span>
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
  const { zero, none, missing, notFinite: isOdd } = looksAt(health);
  const isShare = measure === 'non_finite';
  const at = (share: number) => (scale === undefined ? 0 : valueAt(scale, share));
  const colour = (share: number) => css(shadeOf(health, at(share)));
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
        {calledBy(health)} {stepOf(table.step, i, 'step')}
        {scale === undefined ? '' : '; log scale, fixed over all steps'}
        {health.kernelsOnly ? '; kernels alone' : ''}
      </span>
      {zero ? <Key name={isShare ? 'all finite' : 'zero'} fill={css(shadeOf(health, 0))} /> : null}
      {none ? <Key name="no gradient or update" fill="var(--ls-line)" /> : null}
      <Odd isOdd={isOdd} missing={missing} />
    </>
  );
}

/** The scale of dead units: all of it, always. */
function DeadKey({ health }: { health: Deadness }) {
  const { table, i } = health;
  return (
    <>
      <span class="ls-structure-key">
        0{'\u202f'}%
        <Ramp from={0} to={1} colour={(share) => css(shadeOf(health, share))} />
        100{'\u202f'}% {calledBy(health)} {stepOf(table.step, i, 'evaluation')}, by units
      </span>
      <Odd isOdd={i >= 0 && table.rows.some((row) => isNotFinite(row, i))} missing={i < 0} />
    </>
  );
}

function stepOf(step: Float64Array, i: number, what: string): string {
  return i < 0 ? `before its first logged ${what}` : `at step ${inFull(step[i] ?? 0)}`;
}

/** The looks of what is no value. */
function Odd({ isOdd, missing }: { isOdd: boolean; missing: boolean }) {
  return (
    <>
      {isOdd ? <Key name="NaN or infinite" fill={notFinite()} /> : null}
      {missing ? <Hatched name="not logged" /> : null}
    </>
  );
}

/** Part of a scale, with a number at each of its ends. */
function Ramp({ from, to, colour }: { from: number; to: number; colour: (share: number) => string }) {
  const colours = Array.from({ length: STEPS }, (_, k) => colour(from + ((to - from) * k) / (STEPS - 1)));
  return <span class="ls-structure-ramp ls-structure-half" style={{ background: `linear-gradient(to right, ${colours.join()})` }} />;
}
