/**
 * Exponentially weighted mean of the values so far, as TensorBoard smooths: with the bias of its start corrected, as Adam
 * corrects its moments (Kingma and Ba 2015, section 3), so that the first value is itself and a constant stays constant.
 *
 * @param values What is not finite ends a segment: it stays as it is, and the mean begins anew after it.
 * @param weight Of the past, from 0 (the values themselves) to less than 1.
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  let mean = 0;
  // weight ** n, n values into the segment.
  let rest = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) {
      rest = 1;
      return value;
    }
    rest *= weight;
    const share = (1 - weight) / (1 - rest);
    // As a step from the mean: a constant has none, and stays exact. Two halves, because a difference may overflow.
    mean = share >= 1 ? value : mean + (share * value - share * mean);
    return mean;
  });
}
