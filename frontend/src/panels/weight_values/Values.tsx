import { useMemo, useRef, useState } from 'preact/hooks';
import { css } from '../../charts/colour';
import { csv, json, ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { called } from '../../frame/shown';
import { writtenKey } from '../../frame/store';
import { useWidth } from '../../frame/use_width';
import { count, inFull, number, percent, plural } from '../../math/format';
import { cellsOf, changed, kernelsOf, limitOf, normOfCells, stableRank, type WeightCells } from '../../math/weight_cells';
import { at, type PanelProps, type Point, type SeriesInfo } from '../../panel';
import type { Selection } from '../../selection';
import { EVERYTHING } from '../../source';
import { readStructure } from '../structure/read_structure';
import { choices, type Since, withChoice } from './choices';
import { object, rows } from './download';
import { Kernels } from './Kernels';
import { colourOf, Matrix } from './Matrix';
import { Singular } from './Singular';
import './weight_values.css';
import { partOf, sides, sizes } from './words';

const LEAST_WIDTH = 160;
const STOPS = 16;

type Props = PanelProps<'structure' | 'parameters'>;

/** The values of the selected layer's parameters, at the step shown. */
export function Values(props: Props) {
  const { asked, focus, selection, series, step } = props;
  const info = asked?.find(({ training }) => training === focus);
  const read = readStructure(props);
  if (read === undefined) return null;
  if (info === undefined) {
    return (
      <Quiet>
        The values of weights were not logged: <code>Layerscope(…, weights=True)</code> and <code>watch(…, weights=True)</code> log them.
      </Quiet>
    );
  }
  const layer = read.model.layers.find(({ path }) => path === selection.layer);
  if (layer === undefined) return <Quiet>Select a layer to see the values of its parameters.</Quiet>;
  if (layer.weights.length === 0) {
    return (
      <Quiet>
        {layer.children.length > 0 ? 'Select a layer inside: this one has no parameters of its own.' : 'This layer has no parameters.'}
      </Quiet>
    );
  }
  const weights = layer.weights
    .map((index) => ({ index, path: read.model.weights[index]?.path ?? '', shape: read.model.weights[index]?.shape ?? [] }))
    .sort((a, b) => a.index - b.index);
  const own = at(series.structure[0]?.points ?? [], step) ?? series.structure[0]?.points[0];
  return <Asked {...props} info={info} weights={weights} digest={own?.payload.parameters ?? ''} />;
}

function Quiet({ children }: { children: preact.ComponentChildren }) {
  return (
    <section class="ls-values" aria-label="values">
      <h2>Values</h2>
      <p class="ls-soft">{children}</p>
    </section>
  );
}

interface Weight {
  readonly index: number;
  readonly path: string;
  readonly shape: readonly number[];
}

interface AskedProps extends Pick<Props, 'selection' | 'select' | 'step'> {
  readonly info: SeriesInfo;
  readonly weights: readonly Weight[];
  /** Of the parameters that places are told by. */
  readonly digest: string;
}

function Asked({ info, weights, digest, step, selection, select }: AskedProps) {
  const [tries, setTries] = useState(0);
  const places = weights.map(({ index }) => index);
  // All moments at once: colours then mean the same at each, and the slider waits for nothing.
  const answered = useAnswer(`${writtenKey(info)} ${places.join()} ${tries}`, (source, signal) =>
    source.parameters(info, EVERYTHING, places, signal).then((answer) => ({ answer, of: places.join() })),
  );
  const found = latest(answered);
  const points = useMemo(
    () =>
      (found?.of === places.join() ? (found.answer.points.weight_values ?? []) : []).filter(({ payload }) => payload.parameters === digest),
    [found, digest],
  );
  if (answered.state === 'failed') {
    return (
      <section class="ls-values" aria-label="values">
        <h2>Values</h2>
        <Failure problem={answered.problem} request={answered.request} retry={() => setTries(tries + 1)} />
      </section>
    );
  }
  if (found?.of !== places.join()) return <Quiet>…</Quiet>;
  const [first] = points;
  if (first === undefined) return <Quiet>The values that were logged are of another structure of the model.</Quiet>;
  if (first.step > step) return <Quiet>The first values are of step {inFull(first.step)}.</Quiet>;
  return <Told key={places.join()} info={info} points={points} weights={weights} step={step} selection={selection} select={select} />;
}

interface ToldProps {
  readonly info: SeriesInfo;
  readonly points: readonly Point<'weight_values'>[];
  readonly weights: readonly Weight[];
  readonly step: number;
  readonly selection: Selection;
  readonly select: Props['select'];
}

interface Shown extends Weight {
  readonly name: string;
  readonly cells: WeightCells;
  /** What the values have changed by; undefined where that is not asked for, or other cells were kept. */
  readonly change: WeightCells | undefined;
  readonly before: WeightCells | undefined;
  readonly limit: number;
}

function Told({ info, points, weights, step, selection, select }: ToldProps) {
  const box = useRef<HTMLElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const width = Math.max(LEAST_WIDTH, useWidth(box, 320));
  const { since, sort } = choices(selection.options);
  const now = points.findLastIndex((point) => point.step <= step);
  const against = since === 'first' ? 0 : since === 'before' ? now - 1 : -1;
  const moments = useMemo(
    () => points.map(({ payload }) => weights.map(({ shape }, i) => cellsOf(payload, i, shape))),
    [points, weights.map(({ index }) => index).join()],
  );
  const shown = useMemo(
    () =>
      weights.map((weight, i): Shown => {
        const of = (moment: number) => moments[moment]?.[i];
        const cells = of(now) as WeightCells;
        const [before, base] = [of(against), since === 'before' ? undefined : of(0)];
        const changes = moments.flatMap((_, m) => {
          const own = of(m);
          const its = since === 'before' ? of(m - 1) : base;
          return own === undefined || its === undefined ? [] : (changed(own, its) ?? []);
        });
        const change = since === 'nothing' || before === undefined ? undefined : changed(cells, before);
        const all = moments.flatMap((_, m) => of(m) ?? []);
        return {
          ...weight,
          name: weight.path.slice(weight.path.lastIndexOf('/') + 1),
          cells,
          change,
          before,
          limit: limitOf(since === 'nothing' ? all : changes),
        };
      }),
    [moments, now, against, since],
  );
  const at_ = points[now]?.step ?? 0;
  const there = points[against]?.step;
  const isChange = since !== 'nothing';
  const saved = shown.map((each) => ({ path: each.path, cells: isChange && each.change !== undefined ? each.change : each.cells }));
  const title = `${called(info.training)} · ${weights[0]?.path ?? ''} · step ${inFull(at_)}`;
  const hasKernels = shown.some(({ cells }) => kernelsOf(cells) !== undefined);
  return (
    <section ref={box} class="ls-values" aria-label="values" data-testid="values">
      <header>
        <h2>Values</h2>
        <span class="ls-soft">
          {at_ === 0 ? 'before the first step' : `after ${inFull(at_)} ${at_ === 1 ? 'step' : 'steps'}`} · {plural(points.length, 'moment')}{' '}
          kept
        </span>
        <SaveMenu
          what="the values"
          subject={{ training: info.training, part: `${weights[0]?.path ?? ''}${isChange ? '_change' : ''}`, step: at_ }}
          formats={[
            { label: 'CSV', make: () => csv(rows(saved)) },
            { label: 'JSON', make: () => json(object(saved, at_)) },
            asPicture(() => picture.current, title),
            asVectors(() => picture.current, title),
            ...ofTable(
              () => rows(saved),
              () => object(saved, at_),
            ).filter(({ label }) => label === 'copy'),
          ]}
        />
      </header>
      <div class="ls-values-controls">
        <Segmented<Since>
          label="values or their change"
          options={[
            { value: 'nothing', label: 'values' },
            { value: 'first', label: 'change since the first' },
            { value: 'before', label: 'since the one before' },
          ]}
          value={since}
          onChange={(value) => select({ options: withChoice(selection.options, 'since', value) })}
        />
        {hasKernels ? (
          <Segmented
            label="order of kernels"
            options={[
              { value: 'place', label: 'by place' },
              { value: 'norm', label: 'by norm' },
            ]}
            value={sort}
            onChange={(value) => select({ options: withChoice(selection.options, 'sort', value) })}
          />
        ) : null}
      </div>
      <div ref={picture}>
        {isChange && there === undefined ? <p class="ls-soft">This is the first moment: nothing to compare with.</p> : null}
        {isChange && there !== undefined ? (
          <p class="ls-soft">
            <Term name="change of values">Change</Term> since step {inFull(there)}
            {there === at_ ? ', which is the one shown: none yet' : ''}
          </p>
        ) : null}
        {shown.map((each) => (
          <One key={each.path} {...each} isChange={isChange} sort={sort} width={width} />
        ))}
      </div>
    </section>
  );
}

function One({
  path,
  name,
  cells,
  change,
  before,
  limit,
  isChange,
  sort,
  width,
}: Shown & { isChange: boolean; sort: 'place' | 'norm'; width: number }) {
  const drawn = isChange ? change : cells;
  const kernels = useMemo(() => (drawn === undefined ? undefined : kernelsOf(drawn)), [drawn]);
  const side = sides(cells);
  const part = partOf(cells);
  const rank = stableRank(cells);
  const label = `${isChange ? 'change of ' : ''}${path}`;
  return (
    <article data-parameter={path}>
      <h3>
        <Label text={name} max={28} /> <span class="ls-soft">{sizes(cells)}</span>
      </h3>
      {drawn === undefined || drawn.value.length === 0 ? (
        isChange && before !== undefined && cells.value.length > 0 ? (
          <p class="ls-soft">Other cells were kept then.</p>
        ) : null
      ) : kernels !== undefined ? (
        <Kernels kernels={kernels} sort={sort} limit={limit} label={label} width={width} />
      ) : (
        <>
          {side.down === '' ? null : (
            <p class="ls-values-axes ls-soft">
              ↓ {side.down} · → {side.across}
            </p>
          )}
          <Matrix cells={drawn} limit={limit} label={label} width={width} />
        </>
      )}
      {drawn === undefined || drawn.value.length === 0 ? null : <Ramp limit={limit} />}
      <p class="ls-values-facts">
        {isChange && change !== undefined && before !== undefined ? (
          <span>
            ‖Δ‖ {number(change.norm)}
            {normOfCells(before) > 0 ? `, ${percent(change.norm / normOfCells(before))} of ‖w‖ then` : ''}
          </span>
        ) : (
          <span data-norm={cells.norm}>‖w‖ {number(cells.norm)}</span>
        )}
        {rank === undefined || isChange ? null : (
          <span>
            <Term name="stable rank">stable rank</Term> {number(rank)}
          </span>
        )}
        {cells.nonFinite > 0 ? <span class="ls-values-broken">{count(cells.nonFinite)} NaN or infinite</span> : null}
        {part === undefined ? null : <span class="ls-soft">{part}</span>}
      </p>
      {isChange ? null : cells.singular.length > 0 ? (
        <>
          <p class="ls-soft">
            <Term name="singular values">singular values</Term>
          </p>
          <Singular values={cells.singular} />
        </>
      ) : null}
    </article>
  );
}

function Ramp({ limit }: { limit: number }) {
  const colours = Array.from({ length: STOPS + 1 }, (_, k) => css(colourOf(limit * ((2 * k) / STOPS - 1), limit)));
  return (
    <div class="ls-values-ramp" title="The same at each moment: 99 of 100 values lie between the ends, the others have an end’s colour.">
      <span>below 0: ≤ {number(-limit)}</span>
      <i style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }} />
      <span>≥ {number(limit)}: above 0</span>
    </div>
  );
}
