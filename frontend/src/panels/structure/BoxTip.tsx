import { Label } from '../../components/Label';
import type { Box } from '../../math/folding';
import { count, percent, plural } from '../../math/format';
import { shape } from '../../math/shapes';
import { differing } from './Frame';
import { calledBy, readingOf } from './health';
import type { Mark } from './marks';
import { type Colouring, share } from './paint';
import type { Read } from './read_structure';
import { describe, layersIn, parametersText, title } from './words';

interface Props {
  readonly read: Read;
  readonly box: Box;
  readonly colouring: Colouring;
  readonly mark: Mark | undefined;
}

/** What a box is, in full, beside the cursor. */
export function BoxTip({ read, box, colouring, mark }: Props) {
  const { model, boxes } = read;
  const reading = typeof colouring === 'string' ? undefined : readingOf(colouring, read, box);
  const layer = model.layers[box.layer];
  const of = share(model, box);
  const [output] = layer?.outputs ?? [];
  return (
    <div class="ls-structure-tip">
      <b>
        <Label text={title(box)} max={200} />
      </b>
      <div>{describe(model, boxes, box)}</div>
      {box.kind === 'repeat' && differing(read, box) !== '' ? <div>{differing(read, box)}</div> : null}
      {reading === undefined || typeof colouring === 'string' ? null : (
        <div>
          {calledBy(colouring)}: {reading.text}
          {reading.bad === undefined ? '' : `, first in ${reading.bad}`}
        </div>
      )}
      {mark === undefined ? null : <div>{mark.words}</div>}
      {output === undefined ? null : <div class="ls-soft">output {shape(output.shape)}</div>}
      <div class="ls-soft">
        {box.count.unknown > 0 ? `parameters: ${parametersText(box.count)}` : plural(box.count.total, 'parameter')}
        {of === undefined ? '' : `, ${percent(of)} of all ${count(model.count.total)}`}
        {box.count.frozen > 0 ? `, ${count(box.count.frozen)} frozen` : ''}
      </div>
      {box.children.length > 0 ? <div class="ls-soft">{layersIn(box)} inside: click to open</div> : null}
      {layer !== undefined && layer.calls > 1 ? (
        <div class="ls-soft">
          call {layer.call + 1} of {layer.calls} of one layer
        </div>
      ) : null}
    </div>
  );
}
