import { expect, test } from 'vitest';
import { readModel } from '../../math/tree';
import { Builder, type LayerOptions } from './fixtures/build';
import { torchSizes } from './torch_sizes';
import { describeLayer } from './words';

function layer(className: string, options: LayerOptions) {
  const builder = new Builder('net', 'torch');
  builder.add(className, 'one', options);
  const { structure, parameters } = builder.build();
  const [made] = readModel(structure, parameters).layers;
  if (made === undefined) throw new Error('no layer');
  return made;
}

/** What is said behind a class, of what enters and of what leaves. */
function told(className: string, options: LayerOptions): readonly unknown[] {
  const made = layer(className, options);
  const { enters, leaves } = torchSizes(made) ?? {};
  return [describeLayer(made), enters, leaves];
}

test('sizes are those of the arguments', () => {
  expect(told('Linear', { config: { in_features: 784, out_features: 64 } })).toEqual(['Linear 64', '… × 784', '… × 64']);
  const config = { in_channels: 3, out_channels: 16, kernel_size: [3, 3], stride: [2, 2] };
  expect(told('Conv2d', { config })).toEqual(['Conv2d 3×3 · 16 · stride 2', 'batch × 3 × ? × ?', 'batch × 16 × ? × ?']);
  expect(told('Embedding', { config: { num_embeddings: 1000, embedding_dim: 32 } })).toEqual(['Embedding 1000 → 32', undefined, '… × 32']);
  expect(told('LSTM', { config: { input_size: 32, hidden_size: 128 } })).toEqual(['LSTM 128', '… × 32', undefined]);
  expect(told('MultiheadAttention', { config: { embed_dim: 64, num_heads: 4 } })[0]).toBe('MultiheadAttention · 4 heads × 16');
});

test('where no argument was logged they are those of the parameters', () => {
  expect(told('Linear', { weights: { bias: [64], weight: [64, 784] } })).toEqual(['Linear 64', '… × 784', '… × 64']);
  // Four groups of 2: eight channels enter.
  const grouped = { config: { groups: 4 }, weights: { weight: [16, 2, 5] } };
  expect(told('Conv1d', grouped)).toEqual(['Conv1d 5 · 16', 'batch × 8 × ?', 'batch × 16 × ?']);
  const transposed = { weights: { weight: [8, 16, 3, 3] } };
  expect(told('ConvTranspose2d', transposed)).toEqual(['ConvTranspose2d 3×3 · 16', 'batch × 8 × ? × ?', 'batch × 16 × ? × ?']);
  expect(told('Linear', {})).toEqual(['Linear', undefined, undefined]);
});

test('layers of Keras are told by their own words', () => {
  const embedding = { config: { input_dim: 100, output_dim: 8 }, weights: { embeddings: [100, 8] } };
  expect(told('Embedding', embedding)).toEqual(['Embedding · 100 → 8', undefined, undefined]);
  expect(told('LSTM', { config: { units: 16 }, weights: { kernel: [8, 64] } })).toEqual(['LSTM 16', undefined, undefined]);
});
