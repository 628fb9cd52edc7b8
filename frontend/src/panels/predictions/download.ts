/** The numbers of a list, to save. */
import type { Field } from '../../components/download';
import type { Names, Sample } from './sample';
import { otherName, verdict } from './sample';

/** One row a sample, under its heading. */
export function sampleRows(samples: readonly Sample[], names: Names): readonly (readonly Field[])[] {
  const head = [
    'id',
    'truth',
    'predicted',
    'verdict',
    'before',
    'the other model',
    'confidence',
    'loss',
    'rank of the truth',
    'example stored',
  ];
  return [head, ...samples.map((sample) => row(sample, names))];
}

function row(sample: Sample, names: Names): readonly Field[] {
  const { id, before, confidence, loss, rank, example } = sample;
  return [
    id,
    names.truth(sample.truth),
    names.predicted(sample.predicted),
    verdict(sample, names),
    before < 0 ? undefined : names.predicted(before),
    otherName(sample, names),
    confidence,
    Number.isNaN(loss) ? undefined : loss,
    rank === 0 ? undefined : rank,
    example < 0 ? 'no' : 'yes',
  ];
}

/** The same by name, with the best classes. */
export function sampleObjects(samples: readonly Sample[], names: Names) {
  return samples.map((sample) => ({
    id: sample.id,
    truth: names.truth(sample.truth),
    predicted: names.predicted(sample.predicted),
    verdict: verdict(sample, names),
    before: sample.before < 0 ? null : names.predicted(sample.before),
    other_model: otherName(sample, names) ?? null,
    confidence: sample.confidence,
    loss: Number.isNaN(sample.loss) ? null : sample.loss,
    rank: sample.rank === 0 ? null : sample.rank,
    example_stored: sample.example >= 0,
    top: sample.top.map(({ id, probability }) => ({ class: names.truth(id), probability })),
  }));
}
