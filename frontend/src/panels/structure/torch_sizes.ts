/** What the arguments and parameters of PyTorch's modules tell of their sizes; shapes are those of what passed by, if any did. */
import type { Layer } from '../../math/tree';
import type { Json } from '../../schema.gen';

export interface Sizes {
  /** What stands behind the class: `64`, `3×3 · 16`. */
  readonly text: string;
  /** What enters and leaves, as far as that is told; `…` stands for any axes. */
  readonly enters: string | undefined;
  readonly leaves: string | undefined;
}

/** Undefined for other classes, and where nothing tells it. */
export function torchSizes({ class: name, config, kernel }: Layer): Sizes | undefined {
  const of = (key: string, axis?: number) => number(config[key]) ?? (axis === undefined ? undefined : kernel?.[axis]);
  if (name === 'Linear') return sizes([of('out_features', 0)], lastAxis(of('in_features', 1)), lastAxis(of('out_features', 0)));
  const convolution = /^Conv(Transpose)?([123])d$/.exec(name);
  if (convolution !== null) {
    const [, transposed, axes] = convolution;
    // Kernels are [out, in / groups, …], and the other way round where they are transposed.
    const groups = of('groups') ?? 1;
    const [first, second] = [kernel?.[0], kernel === undefined ? undefined : (kernel[1] ?? 0) * groups];
    const [entering, leaving] = transposed === undefined ? [second, first] : [first, second];
    const leaves = of('out_channels') ?? leaving;
    const window = list(config.kernel_size) ?? kernel?.slice(2) ?? [];
    return sizes([window.join('×'), leaves], channels(of('in_channels') ?? entering, axes), channels(leaves, axes));
  }
  if (name === 'Embedding' && config.input_dim === undefined) {
    const [many, wide] = [of('num_embeddings', 0), of('embedding_dim', 1)];
    return many === undefined || wide === undefined ? undefined : { text: `${many} → ${wide}`, enters: undefined, leaves: lastAxis(wide) };
  }
  const hidden = of('hidden_size');
  return hidden === undefined ? undefined : sizes([hidden], lastAxis(of('input_size')), undefined);
}

function sizes(parts: readonly (string | number | undefined)[], enters: string | undefined, leaves: string | undefined): Sizes | undefined {
  const text = parts.filter((part) => part !== undefined && part !== '').join(' · ');
  return text === '' ? undefined : { text, enters, leaves };
}

function lastAxis(size: number | undefined): string | undefined {
  return size === undefined ? undefined : `… × ${size}`;
}

/** Channels come first, before so many axes of unknown length. */
function channels(size: number | undefined, axes = ''): string | undefined {
  return size === undefined ? undefined : ['batch', size, ...Array.from({ length: Number(axes) }, () => '?')].join(' × ');
}

function number(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function list(value: Json | undefined): readonly Json[] | undefined {
  return typeof value === 'number' ? [value] : Array.isArray(value) ? value : undefined;
}
