import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { csv, json } from '../../components/download';
import { Label } from '../../components/Label';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { Answers } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { Loading } from '../../frame/PanelFrame';
import { writtenKey } from '../../frame/store';
import { useWidth } from '../../frame/use_width';
import { announce } from '../../live';
import { classesOf } from '../../math/classes';
import { inFull, plural } from '../../math/format';
import type { PanelProps, SeriesInfo } from '../../panel';
import type { Became } from '../../source';
import { CopyAll } from '../predictions/CopyIds';
import { Empty } from '../predictions/List';
import { neighbours } from '../predictions/neighbours';
import '../predictions/predictions.css';
import { SampleFrame } from '../predictions/SampleFrame';
import { namesOf } from '../predictions/sample';
import { shapeOf } from '../predictions/shape';
import { Tiles } from '../predictions/Tiles';
import { storedText, summaryOf } from '../predictions/Title';
import { useOrigin } from '../predictions/use_origin';
import { usePages } from '../predictions/use_pages';
import { useWhat } from '../predictions/use_what';
import { LabelDetails } from './LabelDetails';
import { LabelRow } from './LabelRow';
import './labels.css';
import {
  allLabelSamples,
  type Choices,
  choiceOf,
  choices,
  inWords,
  type LabelSample,
  labelSampleAt,
  titleOf,
  withChoices,
} from './label_sample';

interface Props extends PanelProps<'classes'> {
  /** What became of the labels, and its examples where there are any. */
  readonly own: SeriesInfo;
  readonly examples: SeriesInfo | undefined;
}

/** Samples with more wrong labels are in no pair of the kind `multilabel`. */
const MOST_WRONG = 32;

const OUTCOMES = [
  { value: 'wrong', label: 'wrong', help: 'Samples with a label that was missed or told falsely.' },
  { value: 'right', label: 'right', help: 'Samples whose labels are all right.' },
  { value: 'any', label: 'all', help: 'All samples.' },
] as const;

const BECAME = [
  { value: 'wrong', label: 'wrong', help: 'Samples in which the label was missed or told falsely.' },
  { value: 'missed', label: 'missed', help: 'Samples that have the label and were not told to.' },
  { value: 'false', label: 'told falsely', help: 'Samples that were told to have the label and do not.' },
  { value: 'rightly', label: 'told rightly', help: 'Samples that have the label and were told to.' },
  { value: 'absent', label: 'rightly not told', help: 'Samples that neither have the label nor were told to.' },
] as const;

const PAIRS = [
  { value: 'swap', label: 'missed, told', help: 'The first label was missed, the second told falsely.' },
  { value: 'missed', label: 'both missed', help: 'Both labels were missed.' },
  { value: 'false', label: 'both told falsely', help: 'Both labels were told falsely.' },
] as const;

/** The samples behind a label, behind two that are wrong together, or all with a wrong one; one of them in full where it is selected. */
export function LabelSamples(props: Props) {
  const { own, examples, selection, select, step } = props;
  const source = useContext(Answers);
  const records = props.series.classes;
  const [classes, setClasses] = useState('');
  const names = useMemo(
    () => namesOf(classesOf(records, classes === '' ? (records[0]?.tag.replace(/^classes\//, '') ?? '') : classes, own.run)),
    [records, classes, own.run],
  );
  const name = names.truth;
  const labels = selection.classes.filter((label) => label < names.size).slice(0, 2);
  const chosen = choices(selection.options);
  const choice = choiceOf(labels, chosen, MOST_WRONG);
  const at = Math.min(step, own.lastStep);
  const key = JSON.stringify([writtenKey(own), at, choice]);
  const list = usePages<LabelSample, 'label_sample_list'>(
    key,
    (server, first, count, signal) => server.labelSamples(own, at, { ...choice, first, count }, signal),
    labelSampleAt,
  );
  const told = list.point?.payload;
  useEffect(() => {
    if (told !== undefined) setClasses(told.classes);
  }, [told?.classes]);

  const active = useRef({ list: '', current: 0 });
  if (active.current.list !== key) active.current = { list: key, current: 0 };
  const [wantsFocus, setWantsFocus] = useState(false);
  const goBack = useOrigin(labels.join(), () => setWantsFocus(true));
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 440);
  const { what } = useWhat(list, examples);
  const title = titleOf(labels, chosen, name);
  const summary = told === undefined ? '' : summaryOf(list.total, list.stored);
  useEffect(() => {
    if (summary !== '' && !list.stale && selection.sample === null) announce(`${title}: ${summary}`);
  }, [title, summary, list.stale]);

  if (selection.sample !== null) {
    return (
      <section class="ls-samples" aria-label="samples">
        <SampleFrame
          id={selection.sample}
          {...neighbours(list.at, active.current, selection.sample, (sample) => select({ sample }))}
          onBack={() => {
            setWantsFocus(true);
            select({ sample: null });
          }}
        >
          <LabelDetails
            series={own}
            examples={examples}
            id={selection.sample}
            step={step}
            name={name}
            onStep={(to) => select({ step: to })}
          />
        </SampleFrame>
      </section>
    );
  }

  const { shape, columns } = shapeOf('rows', what === 'image' ? what : undefined, 10, width);
  const all = (server: NonNullable<typeof source>, signal?: AbortSignal, progress?: (done: number, of: number) => void) =>
    allLabelSamples(server, own, at, choice, signal, progress);
  const change = (to: Partial<Choices>) => select({ options: withChoices(selection.options, to) });
  const shownStep = list.point?.step ?? at;
  return (
    <section class="ls-samples" aria-label="samples" data-testid="label-samples">
      <header>
        <h2>
          <Term name="samples with wrong labels">
            <Label text={title} max={60} />
          </Term>
          {list.point === null || list.point.step === step ? null : <span class="ls-soft"> at step {inFull(list.point.step)}</span>}
        </h2>
        <p class="ls-soft ls-samples-summary" data-testid="samples-summary">
          {told === undefined ? (
            ' '
          ) : (
            <>
              {plural(list.total, 'sample')}
              {list.total === 0 ? '' : ', '}
              <Term name="stored">{storedText(list.total, list.stored)}</Term>
            </>
          )}
        </p>
      </header>
      <div class="ls-samples-bar">
        {labels.length === 0 ? (
          <Segmented label="outcome" options={OUTCOMES} value={chosen.outcome} onChange={(outcome) => change({ outcome })} />
        ) : labels.length === 1 ? (
          <Segmented<Became>
            label="what became of the label"
            options={BECAME}
            value={chosen.became}
            onChange={(became) => change({ became })}
          />
        ) : (
          <Segmented label="how both are wrong" options={PAIRS} value={chosen.pair} onChange={(pair) => change({ pair })} />
        )}
      </div>
      {list.failed === null ? null : <Failure {...list.failed} retry={list.retry} />}
      <div ref={box} class={list.stale ? 'ls-samples-waiting' : undefined}>
        {told === undefined ? (
          list.failed === null ? (
            <Loading />
          ) : null
        ) : list.total === 0 ? (
          <Empty
            focus={wantsFocus && !list.stale}
            onFocused={() => setWantsFocus(false)}
            onBack={() => {
              setWantsFocus(false);
              goBack();
            }}
          />
        ) : (
          <Tiles
            key={shape.height}
            list={list}
            shape={shape}
            columns={columns}
            examples={examples}
            label={`${title}, ${summary}`}
            active={active.current}
            focus={wantsFocus}
            tile={(sample, example) => <LabelRow sample={sample} example={example} picture={shape.picture} name={name} />}
            words={(sample) => inWords(sample, name)}
            onFocused={() => setWantsFocus(false)}
            onOpen={(id) => select({ sample: id })}
            onBack={() => {
              setWantsFocus(false);
              if (!goBack() && labels.length > 0) select({ classes: [] });
            }}
          />
        )}
      </div>
      <p class="ls-soft ls-samples-key">
        <span class="ls-labels-missed">− missed</span> <span class="ls-labels-false">+ told falsely</span>{' '}
        <span class="ls-labels-rightly">✓ told rightly</span>
      </p>
      {told === undefined || source === null ? null : (
        <div class="ls-samples-bar">
          <CopyAll
            list={key}
            total={list.total}
            fetchIds={async (server, signal, progress) => (await all(server, signal, progress)).map(({ id }) => id)}
          />
          <SaveMenu
            what="the samples"
            subject={{ training: own.training, evaluation: own.evaluation, part: `samples ${title}`, step: shownStep }}
            formats={[
              { label: 'CSV', make: async () => csv(rows(await all(source), name)) },
              {
                label: 'JSON',
                make: async () => json({ run: own.run, tag: own.tag, step: shownStep, samples: objects(await all(source), name) }),
              },
            ]}
          />
        </div>
      )}
      {examples === undefined && told !== undefined ? (
        <p class="ls-partly">
          No picture or text of a sample is logged. <code>MultilabelEvaluation(names, score="prob", examples=200)</code> keeps some, and{' '}
          <code>update(y_val, p, inputs=x_val)</code> takes them.
        </p>
      ) : null}
    </section>
  );
}

function rows(samples: readonly LabelSample[], name: (label: number) => string) {
  const head = ['id', 'missed', 'told falsely', 'told rightly', 'not counted', 'loss', 'example stored'];
  return [
    head,
    ...samples.map(({ id, loss, example, entries }) => {
      const of = (is: string) =>
        entries
          .filter((entry) => entry.is === is)
          .map(({ label }) => name(label))
          .join('; ');
      const known = Number.isNaN(loss) ? undefined : loss;
      return [id, of('missed'), of('false'), of('rightly'), of('not counted'), known, example < 0 ? 'no' : 'yes'];
    }),
  ];
}

function objects(samples: readonly LabelSample[], name: (label: number) => string) {
  return samples.map(({ id, loss, example, entries }) => ({
    id,
    loss: Number.isNaN(loss) ? null : loss,
    example_stored: example >= 0,
    labels: entries.map(({ label, is, probability }) => ({
      label: name(label),
      is,
      probability: Number.isNaN(probability) ? null : probability,
    })),
  }));
}
