/** Pictures of this panel without a server: a training that learns, beside another one, and with samples that are right for no k. */
import { useState } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import { MemorySource } from '../../memory.fixture';
import type { Point, SeriesInfo } from '../../panel';
import type { TopK as Payload } from '../../schema.gen';
import { NOTHING_SELECTED } from '../../selection';
import { classesSeries, info } from '../predictions/samples.fixture';
import { MOST_K } from './rows';
import { TopK } from './TopK';

/** So many samples a step, of which more are right with each k and each step. */
export function learned(steps: number, size: number, more: Partial<Payload> = {}): Payload {
  const rate = (place: number, k: number) => (k >= size ? 1 : 1 - (1 - (0.3 + (0.5 * place) / steps)) / k);
  const each = <T,>(of: (place: number, k: number) => T) =>
    Array.from({ length: steps * MOST_K }, (_, i) => of(Math.floor(i / MOST_K), (i % MOST_K) + 1));
  return {
    kind: 'top_k',
    classes: 'made',
    weighted: false,
    step: Int32Array.from({ length: steps }, (_, i) => 50 * (i + 1)),
    samples: new Int32Array(steps).fill(400),
    abstained: new Int32Array(steps),
    unranked: new Int32Array(steps),
    right: Int32Array.from(each((place, k) => Math.round(400 * rate(place, k)))),
    accuracy: Float64Array.from(each(rate)),
    low: Float64Array.from(each((place, k) => Math.max(0, rate(place, k) - 0.04))),
    high: Float64Array.from(each((place, k) => Math.min(1, rate(place, k) + 0.04))),
    ...more,
  };
}

class Learned extends MemorySource {
  readonly told: Payload;

  constructor(told: Payload) {
    super([]);
    this.told = told;
  }

  override readonly topK = async (): Promise<Point<'top_k'>> => ({ step: 50, wallTime: 0, payload: this.told });
}

const HERE = info('predictions', 'validation/predictions', 400);

function Stage({ told, size, asked = [HERE], step = 400 }: { told: Payload; size: number; asked?: readonly SeriesInfo[]; step?: number }) {
  const [source] = useState(() => new Learned(told));
  const labels = Array.from({ length: size }, (_, k) => `class ${k}`);
  return (
    <Answers.Provider value={source}>
      <TopK
        series={{ classes: [classesSeries(labels)] }}
        asked={asked}
        selection={{ ...NOTHING_SELECTED, view: 'predictions' }}
        focus="run"
        step={step}
        select={() => {}}
        colour={() => '#f57c00'}
      />
    </Answers.Provider>
  );
}

export const fixtures = {
  learned: () => <Stage told={learned(8, 100)} size={100} />,
  'beside-another': () => (
    <Stage told={learned(8, 10)} size={10} asked={[HERE, { ...HERE, training: 'baseline <b>', run: 'b' }]} step={210} />
  ),
  'right-for-none': () => (
    <Stage
      told={learned(1, 4, {
        abstained: Int32Array.of(30),
        unranked: Int32Array.of(2),
        accuracy: new Float64Array(MOST_K).fill(Number.NaN),
      })}
      size={4}
    />
  ),
};
