import { useMemo, useState } from 'preact/hooks';
import { css, sequential, textOn, theme } from '../../charts/colour';
import { Label } from '../../components/Label';
import { middle } from '../../math/ellipsis';
import { count, exact, plural } from '../../math/format';
import type { Comparison } from '../../schema.gen';
import type { ComparedNames } from './Compared';
import { type Disagreement, disagreements } from './facts';

type Cell = Pick<Disagreement, 'predicted' | 'other'>;

interface Props {
  readonly comparison: Comparison;
  readonly names: ComparedNames;
  readonly chosen: Cell | undefined;
  readonly onChoose: (cell: Cell | undefined) => void;
}

/** Up to so many classes stand in a picture; of more the most frequent disagreements alone are told. */
const MOST_DRAWN = 30;
const FIRST = 8;
const MOST = 500;

/** What each model predicts: a picture where there are few classes, and the most frequent disagreements. */
export function Agreement({ comparison: c, names, chosen, onChoose }: Props) {
  const [all, setAll] = useState(false);
  const found = useMemo(() => disagreements(c), [c]);
  const ids = useMemo(() => predictedIds(c), [c]);
  const isChosen = (cell: Cell) => chosen?.predicted === cell.predicted && chosen.other === cell.other;
  const toggle = (cell: Cell) => onChoose(isChosen(cell) ? undefined : { predicted: cell.predicted, other: cell.other });
  const shown = found.slice(0, all ? MOST : FIRST);
  return (
    <div class="ls-comparison-both">
      {ids.length > MOST_DRAWN ? null : <Grid comparison={c} names={names} ids={ids} isChosen={isChosen} onChoose={toggle} />}
      {found.length === 0 ? (
        <p class="ls-soft">The two models say the same of every sample.</p>
      ) : (
        <div class="ls-comparison-list">
          <table data-testid="disagreements">
            <caption class="ls-hidden">what the two models say where they disagree, the most frequent first</caption>
            <thead>
              <tr>
                <th scope="col">here, there</th>
                <th scope="col">n</th>
                <th scope="col">right here</th>
                <th scope="col">right there</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((each) => (
                <tr key={`${each.predicted} ${each.other}`} class={isChosen(each) ? 'ls-on' : undefined}>
                  <td>
                    <button type="button" aria-pressed={isChosen(each)} onClick={() => toggle(each)}>
                      <Label text={names.predicted(each.predicted)} max={14} />, <Label text={names.there(each.other)} max={14} />
                    </button>
                  </td>
                  <td title={exact(each.count)}>{count(each.count)}</td>
                  <td>{count(each.thisRight)}</td>
                  <td>{count(each.otherRight)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {found.length > FIRST ? (
            <button type="button" class="ls-button" data-unsaved onClick={() => setAll(!all)}>
              {all
                ? `show the first ${FIRST}`
                : `show ${found.length > MOST ? `${MOST} of ${count(found.length)}` : `all ${plural(found.length, 'pair')}`}`}
            </button>
          ) : null}
        </div>
      )}
    </div>
  );
}

/** Ids that either model predicts, rising. */
function predictedIds(c: Comparison): readonly number[] {
  const found = new Set<number>(c.column);
  c.row_end.forEach((end, row) => {
    if (end > (row > 0 ? (c.row_end[row - 1] ?? 0) : 0)) found.add(row);
  });
  return [...found].sort((a, b) => a - b);
}

/** Room of a name, and of a letter in it, about. */
const MOST_LETTERS = 12;
const LETTER = 6.5;
const AXIS = 18;

interface GridProps {
  readonly comparison: Comparison;
  readonly names: ComparedNames;
  readonly ids: readonly number[];
  readonly isChosen: (cell: Cell) => boolean;
  readonly onChoose: (cell: Cell) => void;
}

/** Disagreements in colours, agreement in grey. The list beside it is the way for the keyboard, its table for those who hear it. */
function Grid({ comparison: c, names, ids, isChosen, onChoose }: GridProps) {
  const side = Math.max(14, Math.min(30, Math.floor(330 / ids.length)));
  const place = new Map(ids.map((id, i) => [id, i]));
  const cells: { readonly predicted: number; readonly other: number; readonly count: number }[] = [];
  let cell = 0;
  c.row_end.forEach((end, predicted) => {
    for (; cell < end; cell++) cells.push({ predicted, other: c.column[cell] ?? 0, count: c.count[cell] ?? 0 });
  });
  const most = cells.reduce((high, { predicted, other, count: n }) => (predicted === other ? high : Math.max(high, n)), 1);
  const letters = Math.min(MOST_LETTERS, Math.max(...ids.map((id) => names.there(id).length)));
  const room = AXIS + 10 + letters * LETTER;
  const [width, height] = [room + ids.length * side + 2, room + ids.length * side + 2];
  const short = (text: string) => middle(text, MOST_LETTERS);
  // The colours are of the theme in force.
  void theme.value;
  return (
    <div>
      <svg
        width={width}
        height={height}
        class="ls-comparison-grid"
        role="img"
        aria-label={`agreement of the two models over ${ids.length} classes`}
      >
        <text x={room + (ids.length * side) / 2} y={10} text-anchor="middle" class="ls-comparison-axis">
          there
        </text>
        <text transform={`translate(9 ${room + (ids.length * side) / 2}) rotate(-90)`} text-anchor="middle" class="ls-comparison-axis">
          here
        </text>
        {ids.map((id, i) => (
          <g key={id}>
            <text x={room - 5} y={room + (i + 0.5) * side + 4} text-anchor="end">
              {short(names.there(id))}
            </text>
            <text transform={`translate(${room + (i + 0.5) * side + 4} ${room - 5}) rotate(-90)`} text-anchor="start">
              {short(names.there(id))}
            </text>
          </g>
        ))}
        <rect x={room} y={room} width={ids.length * side} height={ids.length * side} class="ls-comparison-frame" />
        {cells.map(({ predicted, other, count: n }) => {
          const [x, y] = [room + (place.get(other) ?? 0) * side, room + (place.get(predicted) ?? 0) * side];
          const same = predicted === other;
          const colour = sequential(0.12 + (0.8 * n) / most);
          const words = same ? `both say ${names.predicted(predicted)}` : `here ${names.predicted(predicted)}, there ${names.there(other)}`;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list beside it has a button for each disagreement.
            <g
              key={`${predicted} ${other}`}
              class="ls-comparison-cell"
              data-here={predicted}
              data-there={other}
              onClick={() => onChoose({ predicted, other })}
            >
              <title>{`${words}: ${exact(n)}`}</title>
              <rect
                x={x + 0.5}
                y={y + 0.5}
                width={side - 1}
                height={side - 1}
                class={same ? 'ls-comparison-same' : undefined}
                fill={same ? undefined : css(colour)}
              />
              {String(n).length * 7 > side - 2 ? null : (
                <text
                  x={x + side / 2}
                  y={y + side / 2 + 4}
                  text-anchor="middle"
                  class={same ? 'ls-comparison-soft' : undefined}
                  fill={same ? undefined : textOn(colour)}
                >
                  {n}
                </text>
              )}
              {isChosen({ predicted, other }) ? (
                <rect x={x + 1} y={y + 1} width={side - 2} height={side - 2} class="ls-comparison-chosen" />
              ) : null}
            </g>
          );
        })}
      </svg>
      <div class="ls-hidden">
        <table data-testid="agreement">
          <caption>what one model predicts against what the other one does</caption>
          <thead>
            <tr>
              <th scope="col">here</th>
              <th scope="col">there</th>
              <th scope="col">samples</th>
            </tr>
          </thead>
          <tbody>
            {cells.map(({ predicted, other, count: n }) => (
              <tr key={`${predicted} ${other}`}>
                <td>{names.predicted(predicted)}</td>
                <td>{names.there(other)}</td>
                <td>{n}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
