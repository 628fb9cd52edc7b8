import { Label } from '../../components/Label';
import { fixed, rate } from '../../math/format';
import { Media } from '../examples/Media';
import type { Fetched } from '../examples/use_examples';
import type { Looks } from './choices';
import { type Names, otherName, type Sample, verdict } from './sample';

/** How a list is drawn, and the room that each sample takes, in CSS pixels. */
export interface Shape {
  readonly looks: Looks;
  readonly height: number;
  /** Side of a picture; 0: there is nothing to look at. */
  readonly picture: number;
  /** Graphemes of a class name. */
  readonly letters: number;
  /** Whether names are longer than that beside the numbers. */
  readonly isLong: boolean;
}

export interface TileProps {
  readonly sample: Sample;
  readonly example: Fetched;
  readonly names: Names;
  readonly shape: Shape;
}

/** A sample in a list. */
export function Tile(props: TileProps) {
  return props.shape.looks === 'pictures' ? <Picture {...props} /> : <Row {...props} />;
}

function Picture({ sample, example, names, shape }: TileProps) {
  return (
    <>
      <span class="ls-samples-picture" style={{ height: `${shape.picture}px` }}>
        {sample.example < 0 ? (
          <span class="ls-samples-none" style={{ width: `${shape.picture}px`, height: `${shape.picture}px` }}>
            <Label text={sample.id} max={Math.floor(shape.picture / 2.5)} />
          </span>
        ) : (
          <Media example={example} size={shape.picture} short />
        )}
      </span>
      <Classes sample={sample} names={names} letters={shape.letters} />
      {sample.other < 0 ? (
        <span class="ls-soft"> {rate(sample.confidence)}</span>
      ) : (
        <span class="ls-soft">
          {' '}
          <Other sample={sample} names={names} max={shape.letters} />
        </span>
      )}
    </>
  );
}

function Row({ sample, example, names, shape }: TileProps) {
  const isPicture = example !== undefined && example !== 'failed' && example.what === 'image';
  const waits = sample.example >= 0 && example === undefined;
  const isText = sample.example >= 0 && !isPicture && !waits;
  const numbers = (
    <span class="ls-samples-numbers">
      {rate(sample.confidence)} <span class="ls-soft">loss {Number.isNaN(sample.loss) ? '–' : fixed(sample.loss, 2)}</span>
    </span>
  );
  const before = (
    <>
      <Before sample={sample} names={names} />
      <Other sample={sample} names={names} />
    </>
  );
  const id = (
    <span class="ls-samples-id ls-soft">
      <Label text={sample.id} max={28} />
    </span>
  );
  return (
    <>
      {shape.picture === 0 ? null : (
        <span class="ls-samples-thumb" style={{ width: `${shape.picture}px` }}>
          {isPicture || waits ? <Media example={example} size={shape.picture} /> : null}
        </span>
      )}
      <span class="ls-samples-lines">
        <span class="ls-samples-line">
          <Classes sample={sample} names={names} letters={shape.letters} />
          {shape.isLong ? null : numbers}
        </span>
        {isText ? (
          <span class="ls-samples-line">
            <Media example={example} size={shape.picture} short />
            {shape.isLong ? null : id}
            {shape.isLong ? null : before}
          </span>
        ) : null}
        {isText && !shape.isLong ? null : (
          <span class="ls-samples-line ls-soft">
            {shape.isLong ? numbers : null}
            {id}
            {before}
          </span>
        )}
      </span>
    </>
  );
}

/** "9 → 8", or "9" where it is right. */
export function Classes({ sample, names, letters }: { sample: Sample; names: Names; letters: number }) {
  const is = verdict(sample, names);
  const [truth, predicted] = [names.truth(sample.truth), names.predicted(sample.predicted)];
  return (
    <span class={`ls-samples-classes ls-samples-${is}`}>
      <Label text={truth} short={names.shorten(truth)} max={letters} />
      {is === 'right' ? null : (
        <>
          {' '}
          <b aria-hidden="true">→</b> <Label text={predicted} short={names.shorten(predicted)} max={letters} />
        </>
      )}
    </span>
  );
}

/** What was predicted before, where that was something else. */
function Before({ sample, names }: { sample: Sample; names: Names }) {
  if (sample.before < 0 || sample.before === sample.predicted) return null;
  const before = names.predicted(sample.before);
  return <span>was {sample.before === sample.truth ? 'right' : <Label text={before} short={names.shorten(before)} max={12} />}</span>;
}

/** What the other model predicted, where one is compared with. */
function Other({ sample, names, max = 12 }: { sample: Sample; names: Names; max?: number }) {
  const name = otherName(sample, names);
  if (name === undefined) return null;
  return (
    <span data-other={name}>
      there <Label text={name} max={max} />
    </span>
  );
}

/** A sample in words, for those who hear it. */
export function inWords(sample: Sample, names: Names): string {
  const is = verdict(sample, names);
  const truth = names.truth(sample.truth);
  const what =
    is === 'right' ? `${truth}, right` : `${truth} predicted as ${names.predicted(sample.predicted)}${is === 'wrong' ? ', wrong' : ''}`;
  const loss = Number.isNaN(sample.loss) ? '' : `, loss ${fixed(sample.loss, 2)}`;
  const other = otherName(sample, names);
  const there = other === undefined ? '' : `, ${other} there`;
  return `${what}${there}, confidence ${rate(sample.confidence)}${loss}, sample ${sample.id}${sample.example < 0 ? ', no example stored' : ''}`;
}
