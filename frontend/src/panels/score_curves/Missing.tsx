import type { PanelProps } from '../../panel';
import './score_curves.css';

/** What an evaluation without scores lacks, and the line of code that adds it. Where samples lack too, that panel tells of both. */
export function Missing({ asked = [], focus }: PanelProps<'classes' | 'confusion_matrix'>) {
  const has = (which: string) => asked.some(({ kind, training }) => kind === which && training === focus);
  if (has('score_curves') || !has('predictions')) return null;
  return (
    <p class="ls-soft ls-curves-missing">
      ROC, precision–recall and calibration need the scores of this evaluation, which are not logged.{' '}
      <code>Evaluation(names, score="prob").update(y_true, scores).write(run, "validation", step)</code> adds them.
    </p>
  );
}
