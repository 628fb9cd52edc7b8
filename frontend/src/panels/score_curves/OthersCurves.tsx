import { Label } from '../../components/Label';
import type { PanelProps, SeriesInfo } from '../../panel';
import { Pictures } from './ScoreCurves';

const OPTION = 'pr_curves.tag';

/** The curves that another tool logged for TensorBoard, one at a time. */
export function OthersCurves(props: PanelProps<'classes'>) {
  const { asked = [], focus, selection, select } = props;
  const of = (training: string | null) => asked.filter((info) => info.kind === 'curves' && info.training === training);
  const all = of(focus);
  const own = all.find((info) => nameOf(info) === selection.options[OPTION]) ?? all[0];
  if (own === undefined) return null;
  const reference = selection.reference === focus ? undefined : of(selection.reference).find(({ tag }) => tag === own.tag);
  return (
    <>
      {all.length < 2 ? null : (
        <div class="ls-curves-choice">
          <select
            aria-label="curve"
            value={nameOf(own)}
            onChange={(event) => select({ options: { ...selection.options, [OPTION]: event.currentTarget.value } })}
          >
            {all.map((info) => (
              <option key={nameOf(info)} value={nameOf(info)}>
                {nameOf(info)}
              </option>
            ))}
          </select>{' '}
          <span class="ls-soft">
            of {all.length} that were logged for TensorBoard, in <Label text={own.run} />
          </span>
        </div>
      )}
      <Pictures {...props} own={own} reference={reference} />
    </>
  );
}

function nameOf({ run, tag }: SeriesInfo): string {
  return `${run}/${tag}`;
}
