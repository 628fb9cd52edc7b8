/** Moving along the steps that were logged: pure. */

/** The steps that some series have, rising, each once. */
export function union(series: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(series.flat())].sort((a, b) => a - b);
}

/** The logged step `by` places away from a step that need not be logged itself; stays within the ends. */
export function moved(ticks: readonly number[], step: number, by: number): number {
  if (ticks.length === 0) return step;
  const after = ticks.findIndex((tick) => tick > step);
  const at = (after === -1 ? ticks.length : after) - 1;
  // Between two ticks, one step back is the lower of them.
  const between = at >= 0 && ticks[at] !== step && by < 0 ? 1 : 0;
  const place = Math.min(ticks.length - 1, Math.max(0, at + by + between));
  return ticks[place] ?? step;
}

/** The logged step next to a place on the slider. */
export function nearest(ticks: readonly number[], step: number): number {
  let best = ticks[0] ?? Math.round(step);
  for (const tick of ticks) if (Math.abs(tick - step) < Math.abs(best - step)) best = tick;
  return best;
}

/** Where a slider has marks: one at a step, or a band over steps that stand too close for one each. */
export interface Mark {
  readonly from: number;
  readonly to: number;
}

/**
 * Marks of the logged steps.
 *
 * @param ticks Rising.
 * @param least How far apart two steps stand at least that have a mark each.
 */
export function marks(ticks: readonly number[], least: number): readonly Mark[] {
  const found: Mark[] = [];
  let from = 0;
  ticks.forEach((tick, k) => {
    if (k + 1 < ticks.length && (ticks[k + 1] ?? 0) - tick < least) return;
    found.push({ from: ticks[from] ?? tick, to: tick });
    from = k + 1;
  });
  return found;
}
