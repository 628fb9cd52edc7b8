import { Label } from '../../components/Label';
import type { RawPoint } from '../../decode';
import { Failure } from '../../frame/Failure';
import { Loading } from '../../frame/PanelFrame';
import type { Page } from '../../frame/page';
import { contentOf } from '../../frame/store';
import { useSeries } from '../../frame/use_series';
import { inFull, plural } from '../../math/format';
import { at, type SeriesInfo } from '../../panel';
import { KINDS } from '../../schema.gen';
import { ArrayPicture } from './ArrayPicture';
import './generic.css';

/** A series of a kind, or a version, that this page does not know: its arrays as they are. Never hidden, never a crash. */
export function GenericPanel({ page, info }: { page: Page; info: SeriesInfo }) {
  const state = useSeries(page.store, [info])[0];
  const content = state === undefined ? null : contentOf(state);
  if (state?.state === 'failed' && content === null) {
    return <Failure problem={state.problem} request={state.request} retry={() => page.store.retry(info)} />;
  }
  if (content === null) return <Loading />;
  const step = page.selection.value.step ?? Number.POSITIVE_INFINITY;
  const point = at(content.raw, step);
  return (
    <section class="ls-generic" aria-label={info.tag}>
      <h2>
        <Label text={info.tag} max={60} />
        {point === undefined ? '' : ` · step ${inFull(point.step)}`}
      </h2>
      <p class="ls-soft">{told(info)}</p>
      {point === undefined ? <p class="ls-soft">{plural(content.raw.length, 'record')}, none at this step.</p> : <Record point={point} />}
    </section>
  );
}

function Record({ point }: { point: RawPoint }) {
  const fields = Object.entries(point.fields);
  return (
    <>
      {fields.length === 0 ? null : (
        <dl>
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt>
                <Label text={name} />
              </dt>
              <dd>
                <Label text={typeof value === 'string' ? value : JSON.stringify(value)} max={120} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {Object.entries(point.arrays).map(([name, array]) => (
        <figure key={name}>
          <figcaption>
            <Label text={name} /> <span class="ls-soft">[{array.shape.join(' × ')}]</span>
          </figcaption>
          <ArrayPicture array={array} />
        </figure>
      ))}
    </>
  );
}

function told({ kind, version }: SeriesInfo): string {
  if (Object.hasOwn(KINDS, kind))
    return `Written by a newer Layerscope (kind ${kind} v${version}); upgrade the plugin to see it as it is meant.`;
  return `This Layerscope does not know the kind ${kind} (v${version}); here is what the record holds.`;
}
