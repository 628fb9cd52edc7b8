/** Agreement of predictions with the truth where classes have an order: a miss by one class is less than one by many. */
import type { Confusion } from './confusion';

/** What a miss by d classes weighs: d, or d². */
export type Misses = 'linear' | 'quadratic';

/**
 * Cohen's weighted κ (1968): 1 − Σ w_ij C_ij / (Σ w_ij r_i c_j / N), w = |i − j| or (i − j)². Samples of unknown truth and
 * abstentions have no place in the order, and are left out.
 *
 * @returns Undefined where truth and prediction are one class throughout, or there is nothing.
 */
export function weightedKappa(c: Confusion, misses: Misses): number | undefined {
  const rows = new Float64Array(c.size);
  const columns = new Float64Array(c.size);
  let observed = 0;
  let total = 0;
  let cell = 0;
  for (let i = 0; i < c.size; i++) {
    for (const end = c.rowEnd[i] ?? 0; cell < end; cell++) {
      const j = c.column[cell] ?? 0;
      const value = c.value[cell] ?? 0;
      if (j === c.size) continue;
      rows[i] = (rows[i] ?? 0) + value;
      columns[j] = (columns[j] ?? 0) + value;
      observed += value * (misses === 'linear' ? Math.abs(i - j) : (i - j) ** 2);
      total += value;
    }
  }
  const expected = (misses === 'linear' ? byDistance(rows, columns, total) : bySquare(rows, columns, total)) / total;
  return expected > 0 ? 1 - observed / expected : undefined;
}

/** Σ r_i c_j |i − j|: between each two neighbours stand those that are on different sides of them. */
function byDistance(rows: Float64Array, columns: Float64Array, total: number): number {
  let [below, belowPredicted, sum] = [0, 0, 0];
  for (let t = 0; t < rows.length - 1; t++) {
    below += rows[t] ?? 0;
    belowPredicted += columns[t] ?? 0;
    sum += below * (total - belowPredicted) + belowPredicted * (total - below);
  }
  return sum;
}

/** Σ r_i c_j (i − j)². */
function bySquare(rows: Float64Array, columns: Float64Array, total: number): number {
  const moment = (of: Float64Array, power: number) => of.reduce((sum, n, i) => sum + n * i ** power, 0);
  return total * (moment(rows, 2) + moment(columns, 2)) - 2 * moment(rows, 1) * moment(columns, 1);
}
