import { useMemo, useRef, useState } from 'preact/hooks';
import { ofTable, type Subject } from '../../components/download';
import { Label } from '../../components/Label';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { SortHead } from '../../components/SortHead';
import { asVectors } from '../../components/vectors';
import { useVirtual } from '../../frame/use_virtual';
import type { Curve } from '../../math/curve';
import { count, exact } from '../../math/format';
import { ascending } from '../../math/sorted';
import { areaRows, areasOf } from './download';
import { between, four, whole } from './words';

interface Props {
  readonly curves: readonly Curve[];
  readonly labels: readonly string[];
  readonly selected: number | undefined;
  readonly onSelect: (classes: readonly number[]) => void;
  readonly subject: Subject;
  readonly title: string;
  /** Whether there is room for short names only. */
  readonly isNarrow: boolean;
}

type By = 'class' | 'positives' | 'AUC' | 'AP';

const HEADS: readonly By[] = ['class', 'positives', 'AUC', 'AP'];
const ROW = 26;
/** So few rows are in the page at once. */
const SHORT = 50;

/** The areas of all classes, the smallest first: a click selects a class. Only what is seen is in the page. */
export function Areas({ curves, labels, selected, onSelect, subject, title, isNarrow }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const [{ by, descending }, setSorting] = useState<{ by: By; descending: boolean }>({ by: 'AUC', descending: false });
  const sorted = useMemo(() => {
    const key = ({ of, positives, auc, ap }: Curve) =>
      by === 'class' ? (labels[of] ?? String(of)) : by === 'positives' ? positives : by === 'AUC' ? auc.value : ap.value;
    // Equal ones by their ids.
    const given = curves.toSorted((a, b) => a.of - b.of);
    return ascending(given, key, descending);
  }, [curves, labels, by, descending]);
  const { rows } = useVirtual(sorted.length, ROW, scroller);
  const isShort = sorted.length <= SHORT;
  const before = isShort ? 0 : (rows[0]?.start ?? 0);
  const after = isShort ? 0 : Math.max(0, sorted.length * ROW - (rows.at(-1)?.end ?? 0));
  const shown = isShort ? sorted : rows.flatMap(({ index }) => sorted[index] ?? []);
  const first = isShort ? 0 : (rows[0]?.index ?? 0);
  return (
    <section class="ls-curves-areas" aria-label="areas of all classes">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must be able to do. */}
      <section class="ls-curves-scroll" ref={scroller} tabIndex={0} aria-label="areas of all classes, table">
        <table data-testid="areas" aria-rowcount={sorted.length + 1}>
          <thead>
            <tr>
              {HEADS.map((head) => {
                const direction = by !== head ? undefined : descending ? 'descending' : 'ascending';
                return (
                  <th key={head} scope="col" aria-sort={direction ?? 'none'}>
                    <SortHead
                      name={head}
                      direction={direction}
                      onSort={() => setSorting({ by: head, descending: by === head ? !descending : false })}
                    />
                  </th>
                );
              })}
              <th scope="col">95 % of AUC</th>
            </tr>
          </thead>
          <tbody>
            <tr style={{ height: `${before}px` }} />
            {shown.map((curve, k) => {
              const isOn = selected === curve.of;
              return (
                <tr key={curve.of} data-class={curve.of} aria-rowindex={first + k + 2} class={isOn ? 'ls-on' : undefined}>
                  <th scope="row">
                    <button type="button" aria-pressed={isOn} onClick={() => onSelect(isOn ? [] : [curve.of])}>
                      <Label text={labels[curve.of] ?? String(curve.of)} max={isNarrow ? 10 : 22} />
                    </button>
                  </th>
                  <td title={exact(curve.positives)}>{count(curve.positives)}</td>
                  <td data-measure="AUC" title={curve.undefined === '' ? whole(curve.auc) : `undefined: ${curve.undefined}`}>
                    {four(curve.auc.value)}
                  </td>
                  <td data-measure="AP" title={whole(curve.ap)}>
                    {four(curve.ap.value)}
                  </td>
                  <td class="ls-soft">{curve.auc.range === undefined ? curve.undefined : between(curve.auc.range, four)}</td>
                </tr>
              );
            })}
            <tr style={{ height: `${after}px` }} />
          </tbody>
        </table>
      </section>
      <SaveMenu
        what="the areas of all classes"
        subject={{ ...subject, tag: `${subject.tag}-areas` }}
        formats={[
          ...ofTable(
            () => areaRows(sorted, labels),
            () => ({ ...subject, classes: areasOf(sorted, labels) }),
          ),
          asPicture(() => scroller.current, title),
          asVectors(() => scroller.current, title),
        ]}
      />
    </section>
  );
}
