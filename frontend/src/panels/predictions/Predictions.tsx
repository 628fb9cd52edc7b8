import { Label } from '../../components/Label';
import type { PanelProps } from '../../panel';

/** Which predictions are logged. */
export function Predictions({ asked = [], focus }: PanelProps<'classes'>) {
  const own = asked.find(({ kind, training }) => kind === 'predictions' && training === focus);
  if (own === undefined) return null;
  return (
    <p class="ls-soft">
      The prediction of each sample is logged in <Label text={own.tag} />, the last at step {own.lastStep}.
    </p>
  );
}
