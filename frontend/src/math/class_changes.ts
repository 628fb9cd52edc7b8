/**
 * Which classes are surely better or worse than at another evaluation: exact tests, corrected for how many classes and how
 * many evaluations were looked at, so that a model that stays as it is is said to have changed in one of twenty cases at most.
 */
import { type Confusion, recall, recallInterval } from './confusion';
import { fisher, holm, LEVEL, mcnemar } from './exact_tests';
import { type Interval, newcombe } from './wilson';

/** An evaluation, and which of its classes each of those spoken of is; −1 where there is none. */
export interface Earlier {
  readonly step: number;
  readonly confusion: Confusion;
  readonly ids: Int32Array;
}

/** A class's recall: what is right of how many. */
export interface Rate {
  readonly step: number;
  readonly recall: number;
  /** As the samples count: fewer than there are where weights differ. */
  readonly right: number;
  readonly of: number;
}

export interface Turned {
  readonly right: number;
  readonly wrong: number;
}

export interface ClassChange {
  /** The class, as it is numbered now. */
  readonly k: number;
  readonly before: Rate;
  readonly now: Rate;
  /** Whether samples have weights in one of both: then `right` and `of` count none that there are. */
  readonly isWeighted: boolean;
  /** 95 % interval of recall now minus before (Newcombe): of this class alone, to be shown. */
  readonly range: Interval | undefined;
  /** Where it is known which samples turned, and they decided: how many are right now alone, and how many are wrong now alone. */
  readonly turned?: Turned;
  /** After correction: this decides. */
  readonly p: number;
}

/** A class that fell, and between which evaluations. */
export interface Fall extends ClassChange {
  /** The last evaluation at which its recall was nearer to what it was, and the next one: from there on it stayed below. */
  readonly from: number;
  readonly to: number;
}

/** Fewer examples of a class are not spoken of. */
const LEAST_EXAMPLES = 10;

/** Classes that are surely better or worse now than at one other evaluation, the largest change first. */
export function classChanges(now: Earlier, other: Earlier): readonly ClassChange[] {
  const tested = pairs(now, other);
  const adjusted = holm(
    tested.map(({ now, before }) => (isMaybeApart(now, before) ? fisher(now.right, now.of, before.right, before.of) : 1)),
  );
  return surely(tested.map((each, i) => change(each, now, other, adjusted[i] ?? 1)));
}

/**
 * The same where it is known which samples turned (McNemar's test of each class).
 *
 * @param turned Of a class, how many of its samples are right now alone, and how many are wrong now alone.
 */
export function turnedClasses(now: Earlier, other: Earlier, turned: (k: number) => Turned, looked = 1): readonly ClassChange[] {
  const tested = pairs(now, other);
  const p = tested.map(({ k }) => {
    const { right, wrong } = turned(k);
    return Math.min(1, mcnemar(right, wrong) * looked);
  });
  const adjusted = holm(p);
  return surely(tested.map((each, i) => ({ ...change(each, now, other, adjusted[i] ?? 1), turned: turned(each.k) })));
}

function surely(changes: readonly ClassChange[]): readonly ClassChange[] {
  return changes.filter(({ p }) => p <= LEVEL).sort((a, b) => Math.abs(difference(b)) - Math.abs(difference(a)));
}

/** Recall now minus before. */
export function difference({ now, before }: Pick<ClassChange, 'now' | 'before'>): number {
  return now.recall - before.recall;
}

interface Pair {
  readonly k: number;
  readonly now: Rate;
  readonly before: Rate;
}

/** Classes with enough examples in both. */
function pairs(now: Earlier, other: Earlier): readonly Pair[] {
  return Array.from(now.ids).flatMap((_, k) => {
    const own = rateOf(now, k);
    const before = rateOf(other, k);
    return own === undefined || before === undefined ? [] : [{ k, now: own, before }];
  });
}

function rateOf({ step, confusion: c, ids }: Earlier, k: number): Rate | undefined {
  const id = ids[k] ?? -1;
  const rate = id < 0 ? undefined : recall(c, id);
  // Rounded up nothing would be as sure as it is.
  const of = Math.floor((c.trials[id] ?? 0) + 1e-9);
  return rate === undefined || of < LEAST_EXAMPLES ? undefined : { step, recall: rate, right: Math.round(rate * of), of };
}

function change({ k, now: own, before }: Pair, now: Earlier, other: Earlier, p: number): ClassChange {
  const [id, there] = [now.ids[k] ?? -1, other.ids[k] ?? -1];
  const range = newcombe(own.recall, recallInterval(now.confusion, id), before.recall, recallInterval(other.confusion, there));
  return { k, now: own, before, isWeighted: now.confusion.weighted || other.confusion.weighted, range, p };
}

/** Below this many standard deviations no exact test is sure, whatever it is corrected by. */
const SURELY_NOTHING = 1.5;

export interface Falls {
  /** Those that are sure, the largest first. */
  readonly sure: readonly Fall[];
  /** The one that is likeliest of those that are not, where it may be sure once it is known which samples turned. */
  readonly likely: { readonly k: number; readonly step: number } | undefined;
}

/**
 * Classes that are surely worse now than at an earlier evaluation. Of each class every earlier evaluation is tested against
 * this one, and its smallest p is multiplied by their number; Holm's correction goes over the classes.
 *
 * @param earlier Rising by step; those from `now` on are not looked at.
 * @param turned The samples that turned since one of them, where they are known.
 */
export function falls(
  now: Earlier,
  earlier: readonly Earlier[],
  turned?: { readonly step: number; readonly of: (k: number) => Turned },
): Falls {
  const before = earlier.filter(({ step }) => step < now.step);
  const tested = Array.from(now.ids).flatMap((_, k) => {
    const own = rateOf(now, k);
    const rates = before.flatMap((each) => rateOf(each, k) ?? []);
    if (own === undefined || rates.length === 0) return [];
    let p = 1;
    let best = rates[0];
    for (const rate of rates) {
      const isBelow = own.right * rate.of < rate.right * own.of;
      const each = isBelow && isMaybeApart(own, rate) ? fisher(own.right, own.of, rate.right, rate.of) : 1;
      // Of equals the later one: it tells more closely since when.
      if (each <= p) [p, best] = [each, rate];
    }
    return best === undefined ? [] : [{ k, now: own, before: best, rates, p: Math.min(1, p * rates.length) }];
  });
  const adjusted = holm(tested.map(({ p }) => p));
  const found = new Map<number, Fall>();
  tested.forEach((each, i) => {
    if ((adjusted[i] ?? 1) <= LEVEL) add(each, each.before, adjusted[i] ?? 1);
  });
  const base = turned && before.find(({ step }) => step === turned.step);
  if (base !== undefined && turned !== undefined) {
    for (const each of turnedClasses(now, base, turned.of, before.length)) {
      const own = tested.find(({ k }) => k === each.k);
      if (own !== undefined && difference(each) < 0 && !found.has(each.k)) add(own, each.before, each.p, each.turned);
    }
  }
  function add({ k, now: own, rates }: (typeof tested)[number], from: Rate, p: number, turned?: Turned) {
    const there = before.find(({ step }) => step === from.step);
    if (there === undefined) return;
    const fall = { ...change({ k, now: own, before: from }, now, there, p), ...fallOf(rates, from, own) };
    found.set(k, turned === undefined ? fall : { ...fall, turned });
  }
  const rest = tested.filter(({ k }) => !found.has(k));
  // At best all samples that turned are newly wrong: where that would not be sure either, nobody needs to know.
  const best = ({ now: own, before: from, rates }: (typeof tested)[number]) =>
    mcnemar(0, Math.max(0, from.right - own.right)) * rates.length;
  const likely = rest.filter((each) => best(each) * rest.length <= LEVEL).sort((a, b) => a.p - b.p)[0];
  return {
    sure: [...found.values()].sort((a, b) => difference(a) - difference(b)),
    likely: likely && { k: likely.k, step: likely.before.step },
  };
}

/** Whether an exact test is worth its time. */
function isMaybeApart(own: Rate, rate: Rate): boolean {
  const pooled = (own.right + rate.right) / (own.of + rate.of);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / own.of + 1 / rate.of));
  return Math.abs(rate.right / rate.of - own.right / own.of) > SURELY_NOTHING * spread;
}

/** Between which evaluations a class fell: after the last one at which it was not yet half way down. */
function fallOf(rates: readonly Rate[], from: Rate, own: Rate): { readonly from: number; readonly to: number } {
  const half = (from.recall + own.recall) / 2;
  const since = rates.filter(({ step }) => step >= from.step);
  const last = since.findLastIndex((rate) => rate.recall > half);
  return { from: since[last]?.step ?? from.step, to: since[last + 1]?.step ?? own.step };
}
