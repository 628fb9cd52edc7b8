/** The evaluation that the one in focus is compared with, sample by sample. */
import type { PanelProps, SeriesInfo } from '../../panel';

type Asked = Pick<PanelProps<never>, 'asked' | 'focus' | 'selection'>;

/** A series of predictions, of the same task, of another training: of the reference, else, where none is chosen, of the first other one shown. */
export function otherPredictions({ asked = [], focus, selection }: Asked, own: SeriesInfo): SeriesInfo | undefined {
  const there = asked.filter(({ kind, training }) => kind === own.kind && training !== focus);
  const reference = selection.reference === focus ? null : selection.reference;
  const wanted = reference === null ? there : there.filter(({ training }) => training === reference);
  return wanted.find(({ training, tag }) => training === wanted[0]?.training && tag === own.tag) ?? wanted[0];
}
