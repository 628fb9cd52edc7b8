import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { csv, json } from '../../components/download';
import { Label } from '../../components/Label';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { Answers } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { Loading } from '../../frame/PanelFrame';
import { writtenKey } from '../../frame/store';
import { useWidth } from '../../frame/use_width';
import { announce } from '../../live';
import { inFull, number, plural } from '../../math/format';
import type { PanelProps, SeriesInfo } from '../../panel';
import { Media } from '../examples/Media';
import type { Fetched } from '../examples/use_examples';
import { CopyAll } from '../predictions/CopyIds';
import { Empty } from '../predictions/List';
import { neighbours } from '../predictions/neighbours';
import '../predictions/predictions.css';
import { SampleFrame } from '../predictions/SampleFrame';
import { shapeOf } from '../predictions/shape';
import { Tiles } from '../predictions/Tiles';
import { storedText, summaryOf } from '../predictions/Title';
import { useOrigin } from '../predictions/use_origin';
import { usePages } from '../predictions/use_pages';
import { useWhat } from '../predictions/use_what';
import { signedText, targetName, valueText } from '../regression/words';
import { NumberDetails } from './NumberDetails';
import { allNumberSamples, choiceOf, chosenCell, type NumberSample, numberSampleAt, withCell } from './number_sample';

interface Props extends PanelProps<'number_predictions'> {
  /** What was predicted, and its examples where there are any. */
  readonly own: SeriesInfo;
  readonly examples: SeriesInfo | undefined;
}

/** The samples behind a cell of the picture, or all; one of them in full where it is selected. */
export function NumberSamples({ own, examples, selection, select, step, colour }: Props) {
  const source = useContext(Answers);
  const cell = chosenCell(selection.options);
  const wanted = Number(selection.options['regression.target'] ?? 0);
  const target = Number.isInteger(wanted) && wanted >= 0 ? wanted : 0;
  const choice = choiceOf(target, cell);
  const at = Math.min(step, own.lastStep);
  const key = JSON.stringify([writtenKey(own), at, choice]);
  const list = usePages<NumberSample, 'number_sample_list'>(
    key,
    (server, first, count, signal) => server.numberSamples(own, at, { ...choice, first, count }, signal),
    numberSampleAt,
  );
  const told = list.point?.payload;
  const name = told === undefined ? '' : targetName(told.targets, told.target);

  const active = useRef({ list: '', current: 0 });
  if (active.current.list !== key) active.current = { list: key, current: 0 };
  const [wantsFocus, setWantsFocus] = useState(false);
  const goBack = useOrigin(cell === undefined ? '' : `${cell.truth},${cell.predicted}`, () => setWantsFocus(true));
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 440);
  const { what } = useWhat(list, examples);
  const title = `${cell === undefined ? 'Samples' : 'Samples of the cell'}${name === '' ? '' : `, ${name}`}`;
  const summary = told === undefined ? '' : summaryOf(list.total, list.stored);
  useEffect(() => {
    if (summary !== '' && cell !== undefined && !list.stale && selection.sample === null) announce(`${title}: ${summary}`);
  }, [title, summary, list.stale, cell === undefined]);

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
          <NumberDetails
            series={own}
            examples={examples}
            id={selection.sample}
            target={target}
            step={step}
            colour={colour(own.training)}
            onStep={(to) => select({ step: to })}
          />
        </SampleFrame>
      </section>
    );
  }

  // As many decimals as tell errors apart, the same in all rows; the largest error is first.
  const largest = list.at(0);
  const unit = largest === undefined ? 0 : Math.abs(largest.predicted - largest.truth) / 200;
  const write = (x: number) => valueText(x, unit);
  const { shape, columns } = shapeOf('rows', what === 'image' ? what : undefined, 10, width);
  const all = (server: NonNullable<typeof source>, signal?: AbortSignal, progress?: (done: number, of: number) => void) =>
    allNumberSamples(server, own, at, choice, signal, progress);
  const shownStep = list.point?.step ?? at;
  return (
    <section class="ls-samples" aria-label="samples" data-testid="number-samples">
      <header>
        <h2>
          <Term name="samples of a cell">{cell === undefined ? 'Samples' : 'Samples of the cell'}</Term>
          {name === '' ? null : (
            <>
              {' '}
              · <Label text={name} max={28} />
            </>
          )}
          {list.point === null || list.point.step === step ? null : <span class="ls-soft"> at step {inFull(list.point.step)}</span>}
        </h2>
        <p class="ls-soft ls-samples-summary" data-testid="samples-summary">
          {told === undefined ? (
            ' '
          ) : (
            <>
              {plural(list.total, 'sample')}, the largest error first
              {list.total === 0 ? '' : ', '}
              <Term name="stored">{storedText(list.total, list.stored)}</Term>
            </>
          )}
        </p>
      </header>
      {cell === undefined ? (
        <p class="ls-soft ls-samples-summary">Choose a cell of the picture to list its samples alone.</p>
      ) : (
        <div class="ls-samples-bar">
          <button type="button" class="ls-chip" aria-pressed={true} onClick={() => select({ options: withCell(selection.options, cell) })}>
            one cell of the picture ×
          </button>
        </div>
      )}
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
            tile={(sample, example) => <Row sample={sample} example={example} picture={shape.picture} write={write} />}
            words={inWords}
            onFocused={() => setWantsFocus(false)}
            onOpen={(id) => select({ sample: id })}
            onBack={() => {
              setWantsFocus(false);
              if (!goBack() && cell !== undefined) select({ options: withCell(selection.options, cell) });
            }}
          />
        )}
      </div>
      {told === undefined || source === null ? null : (
        <div class="ls-samples-bar">
          <CopyAll
            list={key}
            total={list.total}
            fetchIds={async (server, signal, progress) => (await all(server, signal, progress)).map(({ id }) => id)}
          />
          <SaveMenu
            what="the samples"
            subject={{
              training: own.training,
              evaluation: own.evaluation,
              part: name === '' ? 'samples' : `samples ${name}`,
              step: shownStep,
            }}
            formats={[
              { label: 'CSV', make: async () => csv(rows(await all(source))) },
              {
                label: 'JSON',
                make: async () => json({ run: own.run, tag: own.tag, step: shownStep, target: name, samples: objects(await all(source)) }),
              },
            ]}
          />
        </div>
      )}
      {examples === undefined && told !== undefined ? (
        <p class="ls-partly">
          No picture or text of a sample is logged. <code>RegressionEvaluation(targets, examples=200)</code> keeps some, and{' '}
          <code>update(y_val, predicted, inputs=x_val)</code> takes them.
        </p>
      ) : null}
    </section>
  );
}

interface RowProps {
  readonly sample: NumberSample;
  readonly example: Fetched;
  /** Side of a picture; 0: there is none. */
  readonly picture: number;
  readonly write: (x: number) => string;
}

/** A sample in a list: what it looks like, its error, truth and prediction. */
function Row({ sample, example, picture, write }: RowProps) {
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
        <span class="ls-samples-line">
          <b>{signedText(sample.predicted - sample.truth, write)}</b>
          <span class="ls-samples-numbers">
            {write(sample.truth)} <span class="ls-soft">→</span> {write(sample.predicted)}
          </span>
        </span>
        <span class="ls-samples-line ls-soft">
          {isText ? <Media example={example} size={picture} short /> : null}
          <span class="ls-samples-id">
            <Label text={sample.id} max={isText ? 14 : 28} />
          </span>
        </span>
      </span>
    </>
  );
}

function inWords({ id, truth, predicted, example }: NumberSample): string {
  const error = signedText(predicted - truth, number);
  return `error ${error}, true ${number(truth)}, predicted ${number(predicted)}, sample ${id}${example < 0 ? ', no example stored' : ''}`;
}

function rows(samples: readonly NumberSample[]) {
  const head = ['id', 'true', 'predicted', 'error', 'example stored'];
  return [
    head,
    ...samples.map(({ id, truth, predicted, example }) => [id, truth, predicted, predicted - truth, example < 0 ? 'no' : 'yes']),
  ];
}

function objects(samples: readonly NumberSample[]) {
  return samples.map(({ id, truth, predicted, example }) => ({
    id,
    true: truth,
    predicted,
    error: predicted - truth,
    example_stored: example >= 0,
  }));
}
