import { exact } from '../../math/format';
import type { Part, Sentence } from '../../math/sentences_predictions';
import type { Selection } from '../../selection';

interface Props {
  readonly sentences: readonly Sentence[];
  readonly select: (change: Partial<Selection>) => void;
}

/** Sentences whose parts are links to what they speak of. The first number of the first is the accuracy. */
export function Sentences({ sentences, select }: Props) {
  return (
    <div class="ls-confusion-sentences">
      {sentences.map((sentence, i) => (
        <p key={i === 0 ? 'accuracy' : sentence[0]?.text}>
          {sentence.map((part, j) => (
            <Words key={`${j} ${part.text}`} part={part} select={select} accuracy={i === 0 && j === 0} />
          ))}
        </p>
      ))}
    </div>
  );
}

function Words({ part, select, accuracy }: { part: Part; select: Props['select']; accuracy: boolean }) {
  const { text, tone, selects, exact: value } = part;
  const marks = {
    class: tone === undefined ? undefined : `ls-confusion-${tone}`,
    title: value === undefined ? undefined : exact(value),
    'data-testid': accuracy ? 'accuracy' : undefined,
  };
  if (selects === undefined) return <bdi {...marks}>{text}</bdi>;
  return (
    <button type="button" {...marks} onClick={() => select(selects)}>
      <bdi>{text}</bdi>
    </button>
  );
}
