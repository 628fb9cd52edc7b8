import { Label } from '../../components/Label';
import type { PanelProps } from '../../panel';

/** Which examples are logged. */
export function Examples({ asked = [], focus }: PanelProps<'classes'>) {
  const own = asked.find(({ kind, training }) => kind === 'examples' && training === focus);
  if (own === undefined) return null;
  return (
    <p class="ls-soft">
      Samples to look at are logged in <Label text={own.tag} />, the last at step {own.lastStep}.
    </p>
  );
}
