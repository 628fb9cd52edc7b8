/** The best of several evaluations, and of how many others it is not surely better. */
import type { Estimate } from './curve';
import { LEVEL, upperQuantile } from './exact_tests';
import { Z95 } from './wilson';

/** A number of an evaluation. */
export interface Judged extends Estimate {
  readonly step: number;
}

export interface Best {
  /** Its place among those that were looked at: the first of equals. */
  readonly index: number;
  /** Other evaluations that have the number. */
  readonly others: number;
  /** Places of those that are just as good. */
  readonly equal: readonly number[];
  /** Places of the others than which it is not surely better. Equals are among them. */
  readonly unsure: readonly number[];
  /** Whether some have no interval: then nothing is sure. */
  readonly isUntold: boolean;
}

/**
 * The best evaluation. It is surely better than another one where the interval of their difference, made of both intervals as
 * for independent rates (Newcombe 1998, method 10), lies above 0, and is so wide that by chance alone one is called surely better
 * in one of twenty cases, however many there are (Bonferroni). Evaluations of the same samples differ less: it errs towards not sure.
 *
 * @param isLowest Whether less is better.
 */
export function best(all: readonly Judged[], isLowest: boolean): Best | undefined {
  const there = all.flatMap(({ value }, i) =>
    value === undefined || Number.isNaN(value) ? [] : [{ i, value: isLowest ? -value : value }],
  );
  const [first] = there;
  if (first === undefined) return undefined;
  const top = there.reduce((a, b) => (b.value > a.value ? b : a), first);
  const others = there.filter(({ i }) => i !== top.i);
  const own = all[top.i];
  const isKnown = (i: number) => all[i]?.range !== undefined;
  const wider = upperQuantile(LEVEL / 2 / Math.max(1, others.length)) / Z95;
  return {
    index: top.i,
    others: others.length,
    equal: others.filter(({ value }) => value === top.value).map(({ i }) => i),
    unsure: others.filter(({ i, value }) => value === top.value || (isKnown(i) && !isAhead(own, all[i], wider))).map(({ i }) => i),
    isUntold: own?.range === undefined || others.some(({ i }) => !isKnown(i)),
  };
}

/** Whether one differs surely from the other, their intervals made so much wider. */
function isAhead(one: Judged | undefined, other: Judged | undefined, wider: number): boolean {
  if (one?.value === undefined || one.range === undefined || other?.value === undefined || other.range === undefined) return false;
  const [high, low] = one.value > other.value ? [one, other] : [other, one];
  const [below, above] = [(high.value ?? 0) - (high.range?.low ?? 0), (low.range?.high ?? 0) - (low.value ?? 0)];
  return (high.value ?? 0) - (low.value ?? 0) > wider * Math.hypot(below, above);
}
