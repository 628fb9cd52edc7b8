import { useRef } from 'preact/hooks';
import { ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { count, exact } from '../../math/format';
import { largestOf } from '../../math/regression';
import { CopyIds } from '../predictions/CopyIds';
import { largestRows } from './download';
import { chosenTarget, evaluationAt, focused, type Props, titleOf } from './evaluation';
import './regression.css';
import { signedText, targetName, unitOf, valueText } from './words';

/** The values furthest from their truth, with the samples that they are of. */
export function Largest(props: Props) {
  const table = useRef<HTMLTableElement>(null);
  const series = focused(props);
  const first = evaluationAt(series, props.step, 0);
  const shown = first && evaluationAt(series, props.step, chosenTarget(props, first.point.payload.targets.length));
  if (shown === undefined || shown.target.count === 0) return null;
  // The list of samples begins with them.
  if ((props.asked ?? []).some(({ training }) => training === shown.series.training)) return null;
  const { target, point } = shown;
  const largest = largestOf(target);
  const unit = unitOf(target);
  const write = (x: number) => valueText(x, unit);
  const name = targetName(point.payload.targets, target.index);
  const subject = { run: shown.series.run, tag: shown.series.tag, step: point.step };
  return (
    <section class="ls-regression-largest" aria-label="largest errors">
      <h2>
        <Term name="largest errors">Largest errors</Term>
        {name === '' ? null : (
          <>
            {' '}
            of <Label text={name} max={28} />
          </>
        )}
      </h2>
      <p class="ls-soft">
        {largest.length < target.count ? `the ${count(largest.length)} largest of ${count(target.count)}` : `all ${count(target.count)}`}
      </p>
      <section
        class="ls-regression-scroll"
        aria-label="list of the largest errors"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, which the keyboard must be able to do.
        tabIndex={0}
      >
        <table data-testid="largest-errors" ref={table}>
          <thead>
            <tr>
              <th scope="col">sample</th>
              <th scope="col">error</th>
              <th scope="col">true</th>
              <th scope="col">predicted</th>
            </tr>
          </thead>
          <tbody>
            {largest.map(({ id, truth, predicted, error }) => {
              const isOn = props.selection.sample === id;
              return (
                <tr key={id} class={isOn ? 'ls-on' : ''}>
                  <th scope="row">
                    <button type="button" aria-pressed={isOn} onClick={() => props.select({ sample: isOn ? null : id })}>
                      <Label text={id} max={18} />
                    </button>
                  </th>
                  <td title={exact(error)}>{signedText(error, write)}</td>
                  <td title={exact(truth)}>{write(truth)}</td>
                  <td title={exact(predicted)}>{write(predicted)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <div class="ls-regression-foot">
        <CopyIds ids={largest.map(({ id }) => id)} what={`${count(largest.length)} ids`} />
        <SaveMenu
          what="the largest errors"
          subject={{ training: shown.series.training, evaluation: shown.series.evaluation, part: name, step: point.step }}
          formats={[
            ...ofTable(
              () => largestRows(largest),
              () => ({ ...subject, target: point.payload.targets[target.index] ?? '', largest }),
            ),
            asPicture(() => table.current, titleOf(shown)),
            asVectors(() => table.current, titleOf(shown)),
          ]}
        />
      </div>
    </section>
  );
}
