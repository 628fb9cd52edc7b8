import { useMemo, useRef } from 'preact/hooks';
import { csv, json } from '../../components/download';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { classesOf } from '../../math/classes';
import { decimals, exact } from '../../math/format';
import type { PanelProps, Point, SeriesInfo } from '../../panel';
import { type Changed, choices, type Outcome, withChoices } from '../predictions/choices';
import { type Names, namesOf, otherName } from '../predictions/sample';
import { Agreement } from './Agreement';
import { ClassChanges } from './ClassChanges';
import { classRowsToSave, numbersToSave } from './download';
import { countedText, noVerdict, sentence } from './facts';
import { TwoByTwo } from './TwoByTwo';

interface Props extends PanelProps<'classes'> {
  readonly own: SeriesInfo;
  readonly other: SeriesInfo;
  readonly point: Point<'comparison'>;
  readonly title: string;
}

/** Names of the classes, and of what the other model predicted. */
export interface ComparedNames extends Names {
  readonly there: (id: number) => string;
}

/** A comparison in a sentence, the table of who is right, the agreement, and class by class. */
export function Compared({ own, other, point, title, series, selection, select }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const c = point.payload;
  const names = useMemo((): ComparedNames => {
    const here = namesOf(classesOf(series.classes, c.classes, own.run));
    return { ...here, there: (id) => otherName({ other: id, others: c.others }, here) ?? '' };
  }, [series.classes, c]);
  const chosen = choices(selection.options);
  const list = (change: Changed, classes: readonly number[]) =>
    select({ classes, sample: null, options: withChoices(selection.options, change) });
  const counted = countedText(c);
  const doubt = noVerdict(c, c.both_right.length);
  if (c.compared === 0) {
    return (
      <p class="ls-partly" data-testid="comparison-none">
        {doubt ?? (
          <>
            The two evaluations have no sample in common whose truth both know: {counted.text}. Samples are the same where their ids are:{' '}
            <code>update(y_val, p, ids=files)</code> gives them.
          </>
        )}
      </p>
    );
  }
  return (
    <>
      <div ref={box}>
        <p class={counted.warns ? 'ls-comparison-warns' : 'ls-soft'} data-testid="comparison-counted">
          {counted.text}
        </p>
        {doubt === undefined ? null : (
          <p class="ls-comparison-warns" data-testid="no-verdict">
            {doubt}
          </p>
        )}
        <p class="ls-comparison-sentence" data-testid="comparison-sentence" title={`p ${c.p === null ? '–' : exact(c.p)}`}>
          {sentence(c, doubt)}
        </p>
        <div class="ls-comparison-pictures">
          <TwoByTwo
            comparison={c}
            chosen={chosen.agreement === undefined && selection.classes.length === 0 ? chosen.outcome : 'wrong'}
            onChoose={(outcome: Outcome) => list({ outcome: outcome === 'wrong' ? undefined : outcome, agreement: undefined }, [])}
          />
          <div class="ls-comparison-agreement">
            <h3>
              <Term name="agreement">What each predicts</Term>
              <span class="ls-soft" data-testid="comparison-kappa" title={c.kappa === null ? undefined : exact(c.kappa)}>
                {' '}
                · <Term name="kappa">κ</Term> {c.kappa === null ? '–' : decimals(c.kappa, 2)}
              </span>
            </h3>
            <Agreement
              comparison={c}
              names={names}
              chosen={chosen.agreement}
              onChoose={(agreement) =>
                list({ agreement: agreement && `${agreement.predicted},${agreement.other}`, outcome: undefined }, [])
              }
            />
          </div>
        </div>
        <ClassChanges
          comparison={c}
          names={names}
          verdicts={doubt === undefined}
          chosen={{ classes: selection.classes, outcome: chosen.outcome }}
          onChoose={(id, outcome) => list({ outcome, as: undefined, agreement: undefined }, [id])}
        />
      </div>
      <div class="ls-comparison-save">
        <SaveMenu
          what="the comparison"
          subject={{ training: own.training, evaluation: own.evaluation, part: `against_${other.training}`, step: point.step }}
          formats={[
            { label: 'CSV', make: () => csv(classRowsToSave(c, names)) },
            { label: 'JSON', make: () => json(numbersToSave(point, own, other, names)) },
            asPicture(() => box.current, title),
            asVectors(() => box.current, title),
          ]}
        />
      </div>
    </>
  );
}
