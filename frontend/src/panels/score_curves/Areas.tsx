import { useMemo, useRef, useState } from 'preact/hooks';
import { ofTable, type Subject } from '../../components/download';
import { Label } from '../../components/Label';
import { LongTable } from '../../components/LongTable';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { SortCell } from '../../components/SortHead';
import { asVectors } from '../../components/vectors';
import type { Curve } from '../../math/curve';
import { between, count, exact } from '../../math/format';
import { ascending } from '../../math/sorted';
import { areaRows, areasOf } from './download';
import { MANY, type Noun } from './whose';
import { four, whole } from './words';

interface Props {
  readonly curves: readonly Curve[];
  readonly labels: readonly string[];
  readonly selected: number | undefined;
  readonly onSelect: (classes: readonly number[]) => void;
  readonly subject: Subject;
  /** Where they are logged. */
  readonly series: { readonly run: string; readonly tag: string; readonly step: number };
  readonly title: string;
  /** What curves are of. */
  readonly noun: Noun;
  /** Whether there is room for short names only. */
  readonly isNarrow: boolean;
}

type By = 'class' | 'positives' | 'AUC' | 'AP';

const HEADS: readonly By[] = ['class', 'positives', 'AUC', 'AP'];

/** The areas of all classes, the smallest first: a click selects a class. Only what is seen is in the page. */
export function Areas({ curves, labels, selected, onSelect, subject, series, title, noun, isNarrow }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const [{ by, descending }, setSorting] = useState<{ by: By; descending: boolean }>({ by: 'AUC', descending: false });
  const sorted = useMemo(() => {
    const key = ({ of, positives, auc, ap }: Curve) =>
      by === 'class' ? (labels[of] ?? String(of)) : by === 'positives' ? positives : by === 'AUC' ? auc.value : ap.value;
    // Equal ones by their ids.
    const given = curves.toSorted((a, b) => a.of - b.of);
    return ascending(given, key, descending);
  }, [curves, labels, by, descending]);
  return (
    <section class="ls-curves-areas" aria-label={`areas of all ${MANY[noun]}`}>
      <LongTable
        scroller={scroller}
        class="ls-curves-scroll"
        label={`areas of all ${MANY[noun]}, table`}
        testId="areas"
        length={sorted.length}
        head={
          <>
            {HEADS.map((head) => (
              <SortCell
                key={head}
                name={head === 'class' ? noun : head}
                direction={by !== head ? undefined : descending ? 'descending' : 'ascending'}
                onSort={() => setSorting({ by: head, descending: by === head ? !descending : false })}
              />
            ))}
            <th scope="col">95 % of AUC</th>
          </>
        }
        row={(place, number) => {
          const curve = sorted[place];
          if (curve === undefined) return null;
          const isOn = selected === curve.of;
          return (
            <tr key={curve.of} data-class={curve.of} aria-rowindex={number} class={isOn ? 'ls-on' : undefined}>
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
        }}
      />
      <SaveMenu
        what={`the areas of all ${MANY[noun]}`}
        subject={subject}
        formats={[
          ...ofTable(
            () => areaRows(sorted, labels),
            () => ({ ...series, classes: areasOf(sorted, labels) }),
          ),
          asPicture(() => scroller.current, title),
          asVectors(() => scroller.current, title),
        ]}
      />
    </section>
  );
}
