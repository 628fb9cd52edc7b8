import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Loading } from '../../frame/PanelFrame';
import { useWidth } from '../../frame/use_width';
import type { SeriesInfo } from '../../panel';
import type { Choices, Looks } from './choices';
import type { Names } from './sample';
import { shapeOf } from './shape';
import { inWords, Tile } from './Tile';
import { Tiles } from './Tiles';
import type { Listed } from './use_pages';
import { useWhat } from './use_what';

interface Props {
  readonly list: Listed;
  readonly names: Names;
  readonly examples: SeriesInfo | undefined;
  readonly chosen: Choices;
  readonly label: string;
  readonly active: { current: number };
  readonly focus: boolean;
  readonly onFocused: () => void;
  readonly onOpen: (id: string) => void;
  readonly onBack: () => void;
  readonly foot: (looks: Looks) => ComponentChildren;
}

/** The list in the shape that its samples ask for. */
export function List({ list, names, examples, chosen, foot, ...rest }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 440);
  const { what, waits } = useWhat(list, examples);
  const pictures = what === 'image' && 3 * list.stored >= list.total;
  const looks = chosen.looks ?? (pictures ? 'pictures' : 'rows');
  const { shape, columns } = useMemo(() => shapeOf(looks, what, longest(list, names), width), [looks, what, list.point, names, width]);
  if (list.point === null || waits) return <div ref={box}>{list.failed === null ? <Loading /> : null}</div>;
  return (
    <div ref={box} class={list.stale ? 'ls-samples-waiting' : undefined}>
      {list.total === 0 ? (
        <Empty focus={rest.focus && !list.stale} onFocused={rest.onFocused} onBack={rest.onBack} />
      ) : (
        <Tiles
          // The rows in sight are counted anew where they are of another height.
          key={`${shape.looks} ${shape.height}`}
          list={list}
          shape={shape}
          tile={(each, example) => <Tile sample={each} example={example} names={names} shape={shape} />}
          words={(each) => inWords(each, names)}
          columns={columns}
          examples={examples}
          {...rest}
        />
      )}
      {foot(looks)}
    </div>
  );
}

/** That nothing matches: it takes the focus where the list would. */
export function Empty({ focus, onFocused, onBack }: Pick<Props, 'focus' | 'onFocused' | 'onBack'>) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (!focus) return;
    box.current?.focus();
    onFocused();
  }, [focus]);
  return (
    <p
      ref={box}
      class="ls-samples-empty"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onBack();
      }}
    >
      No sample matches.
    </p>
  );
}

/** Graphemes of the longest class name that is drawn among the first samples, about. */
function longest(list: Listed, names: Names): number {
  let most = 0;
  for (let i = 0; i < Math.min(list.total, 100); i++) {
    const sample = list.at(i);
    if (sample === undefined) continue;
    for (const name of [names.truth(sample.truth), names.predicted(sample.predicted)]) most = Math.max(most, names.shorten(name).length);
  }
  return most;
}
