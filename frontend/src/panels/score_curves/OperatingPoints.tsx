import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Term } from '../../components/Term';
import { type Cheapest, type Costs, cheapest, costsOf } from '../../math/cost';
import type { Curve } from '../../math/curve';
import { between, exact, number } from '../../math/format';
import { type Operating, operating, pointOfRecall, roomBelow } from '../../math/threshold';
import type { Linked } from './use_threshold';
import { three, thresholdText } from './words';

interface Props {
  readonly curve: Curve;
  readonly linked: Linked;
  /** As a link has them; undefined: nobody has said any. */
  readonly costs: string | undefined;
  readonly onCosts: (costs: string | undefined) => void;
}

/** Ways to a threshold: by the recall that is needed, and by what wrong decisions cost. Each tells what it leads to. */
export function OperatingPoints({ curve, linked, costs, onCosts }: Props) {
  return (
    <div class="ls-curves-ways" data-unsaved>
      <AtRecall curve={curve} linked={linked} />
      {curve.prevalence === undefined || curve.undefined !== '' ? null : (
        <ByCost curve={curve} linked={linked} costs={costs} onCosts={onCosts} />
      )}
    </div>
  );
}

function AtRecall({ curve, linked }: Pick<Props, 'curve' | 'linked'>) {
  const [least, setLeast] = useState('0.95');
  const wanted = Number(least);
  const isShare = least.trim() !== '' && wanted >= 0 && wanted <= 1;
  const to = isShare ? pointOfRecall(curve, wanted) : undefined;
  const there = to === undefined ? undefined : operating(curve, to);
  return (
    <Way
      text={there === undefined ? undefined : thresholdText(there.threshold, roomBelow(curve, there.threshold))}
      isHere={to === linked.here.index && linked.here.between === undefined}
      help="Of the thresholds that are known, the highest at which at least this share of the positives is found."
      onGo={() => to !== undefined && linked.moveTo(to)}
      told={there === undefined ? null : <AtRecallTold there={there} />}
    >
      <Term name="operating point">at recall ≥</Term>
      <NumberField label="at recall ≥" value={least} isRight={isShare} onChange={setLeast} />
    </Way>
  );
}

function AtRecallTold({ there: { recall, precision } }: { there: Operating }) {
  return (
    <>
      recall {three(recall.value)}
      {recall.range === undefined ? '' : ` (${between(recall.range, three)})`}, precision {three(precision.value)}
      {precision.range === undefined ? '' : ` (${between(precision.range, three)})`}
    </>
  );
}

function ByCost({ curve, linked, costs, onCosts }: Props) {
  const told = costsOf(costs) ?? { falseAlarm: 1, miss: 1 };
  const [typed, setTyped] = useState<{ readonly alarm?: string; readonly miss?: string }>({});
  const { alarm = String(told.falseAlarm), miss = String(told.miss) } = typed;
  const written = costsOf(`${alarm}:${miss}`);
  const found = written === undefined ? undefined : cheapest(curve, written);
  const isPoint = found !== undefined && Number.isFinite(found.threshold);
  // What is typed is drawn, and kept in the link, when the field is left.
  const keep = () => {
    if (written === undefined) return;
    setTyped({});
    if (costs !== undefined || !isUsual(written)) onCosts(`${written.falseAlarm}:${written.miss}`);
  };
  return (
    <Way
      text={isPoint ? thresholdText(found.threshold, roomBelow(curve, found.threshold)) : undefined}
      isHere={isPoint && found.index === linked.here.index && linked.here.between === undefined}
      help="The cheapest of the thresholds that are known."
      onGo={() => {
        keep();
        if (isPoint) linked.moveTo(found.index);
      }}
      told={found === undefined ? null : <ByCostTold found={found} />}
    >
      <Term name="cheapest">a false alarm costs</Term>
      <NumberField
        label="cost of a false alarm"
        value={alarm}
        isRight={written !== undefined}
        onChange={(to) => setTyped({ ...typed, alarm: to })}
        onDone={keep}
      />
      <span>a miss</span>
      <NumberField
        label="cost of a miss"
        value={miss}
        isRight={written !== undefined}
        onChange={(to) => setTyped({ ...typed, miss: to })}
        onDone={keep}
      />
    </Way>
  );
}

function isUsual({ falseAlarm, miss }: Costs): boolean {
  return falseAlarm === 1 && miss === 1;
}

function ByCostTold({ found: { threshold, cost, range, even } }: { found: Cheapest }) {
  const isNothing = threshold === Number.POSITIVE_INFINITY;
  return (
    <span data-measure="cost">
      {isNothing ? 'calling nothing positive is cheapest: ' : ''}
      <span title={exact(cost)}>{number(cost)}</span> a sample
      {range === undefined ? '' : ` (${between(range, number)})`}
      {even === undefined || even[0] === even[1] ? null : (
        <>
          ; not surely dearer from {thresholdText(even[0])} to {thresholdText(even[1])}
        </>
      )}
    </span>
  );
}

interface WayProps {
  readonly children: ComponentChildren;
  /** The threshold to which it leads; undefined: nowhere. */
  readonly text: string | undefined;
  readonly isHere: boolean;
  readonly help: string;
  readonly told: ComponentChildren;
  readonly onGo: () => void;
}

/** One way: what is wished, the button that goes there, and what holds there. */
function Way({ children, text, isHere, help, told, onGo }: WayProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onGo();
      }}
    >
      {children}
      <button type="submit" class="ls-button" disabled={text === undefined} aria-pressed={isHere} title={help}>
        {text === undefined ? 'none' : `≥ ${text}`}
      </button>
      <span class="ls-soft">{told}</span>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly isRight: boolean;
  readonly onChange: (value: string) => void;
  readonly onDone?: () => void;
}

function NumberField({ label, value, isRight, onChange, onDone }: FieldProps) {
  return (
    <input
      aria-label={label}
      type="text"
      inputMode="decimal"
      size={4}
      value={value}
      aria-invalid={!isRight}
      onInput={(event) => onChange(event.currentTarget.value)}
      onBlur={onDone}
    />
  );
}
