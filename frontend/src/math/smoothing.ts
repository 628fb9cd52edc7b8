/**
 * Exponentially weighted mean of a line so far, by how many steps ago its values were rather than by how many points: where
 * points are twice as far apart, each counts for twice as many steps. The bias of its start is corrected, as Adam corrects its
 * moments (Kingma and Ba 2015, section 3), so that the first value is itself and a constant stays constant.
 *
 * @param step Strictly rising.
 * @param values What is not finite ends a segment: it stays as it is, and the mean begins anew after it.
 * @param weight Of the past over the usual distance, from 0 (the values themselves) to less than 1.
 * @param usual A distance in steps. With points as far apart it is the mean by points, as TensorBoard smooths.
 */
export function smoothed(step: Float64Array, values: Float64Array, weight: number, usual: number): Float64Array {
  const fade = Math.log(weight) / usual;
  let mean = 0;
  // What all values of the segment weigh together.
  let total = 0;
  return values.map((value, i) => {
    if (!Number.isFinite(value)) {
      total = 0;
      return value;
    }
    const distance = total === 0 ? usual : (step[i] ?? 0) - (step[i - 1] ?? 0);
    // The share of this value's steps, and of all before them, without loss where it is next to 0.
    const own = -Math.expm1(fade * distance);
    total = own + (1 - own) * total;
    const share = own / total;
    // As a step from the mean: a constant has none, and stays exact. Two halves, because a difference may overflow.
    mean = share >= 1 ? value : mean + (share * value - share * mean);
    return mean;
  });
}

/** How far apart points usually are: half of the way from the first to the last has them no farther apart. Undefined for less than two. */
export function usualDistance(step: Float64Array): number | undefined {
  const distances = step.slice(1).map((at, i) => at - (step[i] ?? 0));
  distances.sort();
  let half = distances.reduce((a, b) => a + b, 0) / 2;
  return distances.find((distance) => {
    half -= distance;
    return half <= 0;
  });
}
