import { Label } from '../../components/Label';
import { fixed, rate } from '../../math/format';
import { Media } from '../examples/Media';
import type { Fetched } from '../examples/use_examples';
import type { Entry, Is, LabelSample } from './label_sample';

const SIGNS: Readonly<Record<Is, string>> = { missed: '−', false: '+', rightly: '✓', 'not counted': '?' };
const CLASSES: Readonly<Record<Is, string>> = { missed: 'missed', false: 'false', rightly: 'rightly', 'not counted': 'not' };
/** What is wrong comes first. */
const ORDER: readonly Is[] = ['missed', 'false', 'rightly', 'not counted'];

interface Props {
  readonly sample: LabelSample;
  readonly example: Fetched;
  /** Side of a picture; 0: there is none. */
  readonly picture: number;
  readonly name: (label: number) => string;
}

/** A sample in a list: what it looks like, and its labels. */
export function LabelRow({ sample, example, picture, name }: Props) {
  const isPicture = example !== undefined && example !== 'failed' && example.what === 'image';
  const waits = sample.example >= 0 && example === undefined;
  const isText = sample.example >= 0 && !isPicture && !waits;
  return (
    <>
      {picture === 0 ? null : (
        <span class="ls-samples-thumb" style={{ width: `${picture}px` }}>
          {isPicture || waits ? <Media example={example} size={picture} /> : null}
        </span>
      )}
      <span class="ls-samples-lines">
        <span class="ls-samples-line ls-labels-line">
          {sample.entries.length === 0 ? (
            <span class="ls-soft">no label true or told</span>
          ) : (
            <Labels entries={sample.entries} name={name} max={14} />
          )}
        </span>
        <span class="ls-samples-line ls-soft">
          {isText ? <Media example={example} size={picture} short /> : null}
          <span class="ls-samples-id">
            <Label text={sample.id} max={isText ? 14 : 24} />
          </span>
          <span>loss {Number.isNaN(sample.loss) ? '–' : fixed(sample.loss, 2)}</span>
        </span>
      </span>
    </>
  );
}

/** Labels with signs of what became of them. */
export function Labels({ entries, name, max }: { entries: readonly Entry[]; name: (label: number) => string; max: number }) {
  const sorted = ORDER.flatMap((is) => entries.filter((entry) => entry.is === is));
  return (
    <>
      {sorted.map(({ label, is, probability }) => (
        <span
          key={label}
          class={`ls-labels-${CLASSES[is]}`}
          title={Number.isNaN(probability) ? is : `${is}, probability ${rate(probability)}`}
        >
          {SIGNS[is]} <Label text={name(label)} max={max} />
        </span>
      ))}
    </>
  );
}
