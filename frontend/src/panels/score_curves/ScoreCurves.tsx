import { Label } from '../../components/Label';
import type { PanelProps } from '../../panel';

/** Which curves are logged. */
export function ScoreCurves({ asked = [], focus }: PanelProps<'classes'>) {
  const own = asked.find(({ kind, training }) => kind === 'score_curves' && training === focus);
  if (own === undefined) return null;
  return (
    <p class="ls-soft">
      Curves of each class are logged in <Label text={own.tag} />, the last at step {own.lastStep}.
    </p>
  );
}
