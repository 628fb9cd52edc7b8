/** Finds layers by name, path, class, shape and size. */
import { type Count, countOf, type Layer, type Model } from '../../math/tree';

/** Whether one word of a query fits, and how well: 0 is best. */
type Rank = (layer: Layer, count: () => Count) => number | undefined;

/**
 * Layers that fit every word of a query, the best first: by the path, the name, how the name begins, what is in the name, in the path, in the class.
 *
 * Args:
 *   query: Words; `class:conv`, `shape:64` or `shape:8x8x64`, `>1M` and `<10k` parameters among them.
 */
export function found(model: Model, query: string): readonly number[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const exact = model.layers.find((layer) => layer.path === query || layer.path === query.trim());
  if (words.length === 0 && exact === undefined) return [];
  const ranks = words.map(rankOf);
  const ranked = model.layers.flatMap((layer): { index: number; rank: number }[] => {
    if (layer === exact) return [{ index: layer.index, rank: -1 }];
    let rank = 0;
    let count: Count | undefined;
    const counted = () => (count ??= countOf(layer.weights.flatMap((weight) => model.weights[weight] ?? [])));
    for (const rankIn of ranks) {
      const own = rankIn(layer, counted);
      if (own === undefined) return [];
      rank = Math.max(rank, own);
    }
    return [{ index: layer.index, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).map(({ index }) => index);
}

const BY = { wholeName: 0, beginning: 1, name: 2, path: 3, class: 4 };

function rankOf(word: string): Rank {
  const [, sign, number, unit = ''] = /^([<>])(\d+(?:\.\d+)?)([kmg]?)$/.exec(word) ?? [];
  if (sign !== undefined) {
    const limit = Number(number) * (UNITS[unit] ?? 1);
    return (_, count) => ((sign === '>' ? count().total > limit : count().total < limit && count().unknown === 0) ? 0 : undefined);
  }
  const [, key, value = ''] = /^(class|shape):(.+)$/.exec(word) ?? [];
  if (key === 'class') return (layer) => (layer.class.toLowerCase().includes(value) ? 0 : undefined);
  if (key === 'shape') {
    const wanted = `×${value.replaceAll(/[x,*]/g, '×')}×`;
    return (layer) => (layer.outputs.some(({ shape }) => `×${shape.join('×')}×`.includes(wanted)) ? 0 : undefined);
  }
  return (layer) => {
    const name = layer.name.toLowerCase();
    if (name === word) return BY.wholeName;
    if (name.startsWith(word)) return BY.beginning;
    if (name.includes(word)) return BY.name;
    if (layer.path.toLowerCase().includes(word)) return BY.path;
    return layer.class.toLowerCase().includes(word) ? BY.class : undefined;
  };
}

const UNITS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };
