import { exact } from '../../math/format';
import type { Part, Sentence } from '../../math/sentences_predictions';
import type { Selection } from '../../selection';
import './told.css';

interface Props {
  readonly sentences: readonly Sentence[];
  readonly select: (change: Partial<Selection>) => void;
}

/** Sentences whose parts are links to what they speak of. */
export function Told({ sentences, select }: Props) {
  if (sentences.length === 0) return null;
  return (
    <div class="ls-told">
      {sentences.map((sentence) => (
        <p key={sentence.map(({ text }) => text).join('')}>
          {sentence.map((part) => (
            <Words key={part.text} part={part} select={select} />
          ))}
        </p>
      ))}
    </div>
  );
}

function Words({ part, select }: { part: Part; select: Props['select'] }) {
  const { text, tone, selects, exact: value } = part;
  const marks = { class: tone === 'soft' ? 'ls-soft' : undefined, title: value === undefined ? undefined : exact(value) };
  if (selects === undefined) return <bdi {...marks}>{text}</bdi>;
  return (
    <button type="button" {...marks} onClick={() => select(selects)}>
      <bdi>{text}</bdi>
    </button>
  );
}
