/** Longest common subsequences of numbers. */

/** More differences than this are not looked for: two sequences that have so many have little in common. */
const MOST = 2000;

/** So far ahead a partner is looked for where there are more differences. */
const AHEAD = 64;

/**
 * Pairs of places with equal numbers, rising on both sides, as many as there can be (Myers 1986); of more than 2,000 differences
 * some that are found at a glance.
 */
export function commonSubsequence(a: Int32Array, b: Int32Array): readonly (readonly [number, number])[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const middle = [a.subarray(start, endA), b.subarray(start, endB)] as const;
  const pairs: (readonly [number, number])[] = Array.from({ length: start }, (_, k) => [k, k]);
  for (const [i, j] of shortest(...middle) ?? greedy(...middle)) pairs.push([start + i, start + j]);
  for (let k = 0; endA + k < a.length; k++) pairs.push([endA + k, endB + k]);
  return pairs;
}

/** Undefined where there are too many differences. */
function shortest(a: Int32Array, b: Int32Array): (readonly [number, number])[] | undefined {
  const most = Math.min(a.length + b.length, MOST);
  const middle = most + 1;
  const far = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    // Of this round only diagonals from −d to d are looked at afterwards.
    trace.push(far.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const below = far[middle + k - 1] ?? 0;
      const above = far[middle + k + 1] ?? 0;
      let x = k === -d || (k !== d && below < above) ? above : below + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      far[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return walked(trace, a.length, b.length);
    }
  }
  return undefined;
}

function walked(trace: readonly Int32Array[], endX: number, endY: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let x = endX;
  let y = endY;
  for (let d = trace.length - 1; d >= 0; d--) {
    const far = trace[d] ?? new Int32Array(0);
    const at = (k: number) => far[k + d + 1] ?? 0;
    const k = x - y;
    const before = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(before);
    const fromY = d === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) pairs.push([--x, --y]);
    x = fromX;
    y = fromY;
  }
  return pairs.reverse();
}

/** The nearest partner of each, if it is near. */
function greedy(a: Int32Array, b: Int32Array): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let from = 0;
  for (let i = 0; i < a.length; i++) {
    const j = b.subarray(from, from + AHEAD).indexOf(a[i] ?? 0);
    if (j < 0) continue;
    pairs.push([i, from + j]);
    from += j + 1;
  }
  return pairs;
}
