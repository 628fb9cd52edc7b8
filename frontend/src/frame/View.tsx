import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Panel, SeriesInfo } from '../panel';
import type { View as ViewName } from '../selection';
import { Boundary } from './Boundary';
import { Empty, Partly } from './Empty';
import { Loading, PanelFrame } from './PanelFrame';
import type { Page } from './page';
import { askedFor, isShown, type Shown, seriesFor, unknownSeries } from './shown';
import './view.css';

interface Props {
  readonly page: Page;
  readonly panels: readonly Panel[];
  readonly view: ViewName;
  readonly shown: Shown;
  readonly evaluation: string | null;
  readonly step: number;
  readonly colour: (training: string) => string;
}

/** A view: the panels for which the training in focus has data. They are read in the same order however many columns there are. */
export function View({ page, panels, view, shown, evaluation, step, colour }: Props) {
  const chosen = panels
    .filter((panel) => panel.view === view)
    .map((panel) => ({ panel, infos: seriesFor(panel, shown, evaluation), asked: askedFor(panel, shown, evaluation) }))
    .filter(({ panel, infos, asked }) => isShown(panel, [...infos, ...asked], shown.focus));
  const unknown = unknownSeries(view, panels, shown.focus, evaluation);
  if (chosen.length === 0 && unknown.length === 0) return <Empty view={view} training={shown.focus} />;

  const column = (place: Panel['place']) =>
    chosen
      .filter(({ panel }) => panel.place === place)
      .map(({ panel, infos, asked }) => (
        <PanelFrame
          key={panel.id}
          page={page}
          panel={panel}
          infos={infos}
          asked={asked}
          focus={shown.focus.name}
          step={step}
          colour={colour}
        />
      ));
  const [main, side, samples, below] = [column('main'), column('side'), column('samples'), column('below')];
  const [first, further] = main.length === 0 ? [below, main] : [main, below];
  const isTwo = side.length + samples.length > 0;
  return (
    <div class={`ls-view ${isTwo ? 'ls-view-two' : ''}`} data-view={view}>
      <div class="ls-view-main">{first}</div>
      {isTwo ? (
        <div class="ls-view-side">
          {side.length === 0 ? null : <div class="ls-view-tables">{side}</div>}
          {samples.length === 0 ? null : <div class="ls-view-samples">{samples}</div>}
        </div>
      ) : null}
      <div class="ls-view-below">
        {further}
        <Partly view={view} training={shown.focus} />
        {unknown.map((info) => (
          <Unknown key={`${info.run} ${info.tag}`} page={page} info={info} />
        ))}
      </div>
    </div>
  );
}

interface UnknownProps {
  readonly page: Page;
  readonly info: SeriesInfo;
}

/** A series that only the generic panel can show; its code comes when it is needed. */
function Unknown(props: UnknownProps) {
  const [Generic, setGeneric] = useState<FunctionComponent<UnknownProps> | null>(null);
  useEffect(() => {
    let here = true;
    void import('../panels/generic/GenericPanel').then((m) => {
      if (here) setGeneric(() => m.GenericPanel);
    });
    return () => {
      here = false;
    };
  }, []);
  if (Generic === null) return <Loading />;
  return (
    <Boundary what={`${props.info.run} ${props.info.tag}`}>
      <Generic {...props} />
    </Boundary>
  );
}
