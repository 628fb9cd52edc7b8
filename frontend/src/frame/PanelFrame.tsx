import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { seriesByKind } from '../decode';
import type { Panel, PanelProps, SeriesInfo } from '../panel';
import type { Kind } from '../schema.gen';
import { Boundary } from './Boundary';
import { Failure } from './Failure';
import type { Page } from './page';
import { bodyOf, fetchBody } from './panels';
import { conditions } from './shown';
import { type Content, contentOf, type Loaded } from './store';
import { useSeries } from './use_series';

interface Props {
  readonly page: Page;
  readonly panel: Panel;
  readonly infos: readonly SeriesInfo[];
  /** Series of the kinds that the panel asks the server about. */
  readonly asked?: readonly SeriesInfo[];
  readonly focus: string;
  readonly step: number;
  readonly colour: (training: string) => string;
}

/** One panel with its states: loading, old data dimmed while new data comes, failed, or drawn. */
export function PanelFrame({ page, panel, infos, asked = [], focus, step, colour }: Props) {
  const loaded = useSeries(page.store, infos);
  const body = bodyOf(panel).value;
  useEffect(() => {
    for (const info of infos) page.store.see(info, step);
  });
  const drawn = useRef<{ props: PanelProps<Kind>; contents: readonly (Content | null)[] } | null>(null);

  const failures = infos.flatMap((info, i) => {
    const state = loaded[i];
    return state?.state === 'failed' ? [{ info, ...state }] : [];
  });
  const retry = () => {
    for (const { info } of failures) page.store.retry(info);
  };
  // Nothing of the training in focus came of a kind that the panel must have.
  const fatal = conditions(panel).flatMap((kinds) => {
    const isOne = (info: SeriesInfo) => kinds.some((kind) => kind === info.kind);
    const own = infos.map((info, i) => ({ info, state: loaded[i] })).filter(({ info }) => isOne(info) && info.training === focus);
    return own.every(({ state }) => state?.state === 'failed' && state.old === null) ? failures.filter(({ info }) => isOne(info)) : [];
  })[0];

  if (body.state === 'failed') {
    const problem = { error: `The code of this panel did not load: ${body.error}`, fix: 'Reload the page if TensorBoard was restarted.' };
    return <Framed panel={panel} content={<Failure problem={problem} request="" retry={() => void fetchBody(panel)} />} />;
  }
  if (fatal !== undefined) {
    return <Framed panel={panel} content={<Failure problem={fatal.problem} request={fatal.request} retry={retry} />} />;
  }

  const comesLater = ({ kind }: SeriesInfo) => (panel.later ?? []).some((each) => each === kind);
  const isOneOf = ({ kind, training }: SeriesInfo) => training === focus && (panel.anyOf ?? []).some((each) => each === kind);
  const hasOther = infos.some((info) => isOneOf(info) && !comesLater(info));
  const isAwaited = (info: SeriesInfo | undefined) => info !== undefined && (!comesLater(info) || (isOneOf(info) && !hasOther));
  const waiting = loaded.some((state, i) => state.state === 'loading' && state.old === null && isAwaited(infos[i]));
  if (body.state === 'ready' && !waiting) {
    const contents = loaded.map(contentOf);
    const before = drawn.current;
    const same = before !== null && contents.length === before.contents.length && contents.every((each, i) => each === before.contents[i]);
    const series = same ? before.props.series : seriesByKind(contents.flatMap((content) => content ?? []));
    drawn.current = { props: { series, asked, selection: page.selection.value, focus, step, select: page.select, colour }, contents };
  }
  const { Component } = body.state === 'ready' ? body : { Component: null };
  if (Component === null || drawn.current === null) return <Framed panel={panel} content={<Loading />} />;
  return (
    <Framed
      panel={panel}
      stale={waiting || loaded.some(isOld)}
      content={
        <Boundary what={infos.map(({ run, tag, lastStep }) => `${run}/${tag}@${lastStep}`).join()}>
          <Component {...drawn.current.props} />
          {failures.length === 0 ? null : (
            <Failure problem={failures[0]?.problem ?? NO_PROBLEM} request={failures[0]?.request ?? ''} retry={retry} />
          )}
        </Boundary>
      }
    />
  );
}

const NO_PROBLEM = { error: '', fix: '' };

function isOld(state: Loaded): boolean {
  return state.state === 'loading' && state.old !== null;
}

function Framed({ panel, stale = false, content }: { panel: Panel; stale?: boolean; content: ComponentChildren }) {
  return (
    <div class={`ls-panel ${stale ? 'ls-stale' : ''}`} data-panel={panel.id} aria-busy={stale}>
      {content}
    </div>
  );
}

/** The place of a panel, and after a moment a bar. */
export function Loading() {
  return (
    <div class="ls-loading" role="status">
      <span class="ls-hidden">loading</span>
    </div>
  );
}
