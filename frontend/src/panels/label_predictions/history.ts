/** The labels of one sample through a training: pure. */
import { inFull, plural } from '../../math/format';
import type { LabelSampleHistory } from '../../schema.gen';
import { entriesAt, type Is } from './label_sample';

export interface Line {
  readonly label: number;
  /** What became of it at each evaluation; absent is rightly not told. */
  readonly at: readonly { readonly is: Is | 'absent'; readonly probability: number }[];
}

/** A line for each label that at any evaluation was true, told, or did not count; in the order of the labels. */
export function linesOf(history: LabelSampleHistory): readonly Line[] {
  const each = Array.from(history.step, (_, i) => new Map(entriesAt(history, i).map((entry) => [entry.label, entry])));
  const labels = [...new Set(each.flatMap((entries) => [...entries.keys()]))].sort((a, b) => a - b);
  return labels.map((label) => ({
    label,
    at: each.map((entries) => entries.get(label) ?? { is: 'absent' as const, probability: Number.NaN }),
  }));
}

/** Of many lines those of the labels that were wrong most often, in the order of the labels. */
export function mostWrong(lines: readonly Line[], most: number): readonly Line[] {
  const wrongs = ({ at }: Line) => at.filter(({ is }) => is === 'missed' || is === 'false').length;
  const kept = lines.toSorted((a, b) => wrongs(b) - wrongs(a)).slice(0, most);
  return kept.toSorted((a, b) => a.label - b.label);
}

/** At how many evaluations all of its labels were right, and when that was lost. */
export function historySentence(history: LabelSampleHistory): string {
  const { step } = history;
  const right = Array.from(step, (_, i) => entriesAt(history, i).every(({ is }) => is !== 'missed' && is !== 'false'));
  const n = right.filter(Boolean).length;
  const often =
    n === right.length
      ? `All labels right at ${n === 1 ? 'the one evaluation' : `all ${n} evaluations`}`
      : n === 0
        ? `Never all labels right in ${plural(step.length, 'evaluation')}`
        : `All labels right at ${n} of ${step.length} evaluations`;
  const lost = right.findLastIndex((is, i) => i > 0 && !is && right[i - 1] === true);
  return lost < 0 ? `${often}.` : `${often}; lost again at step ${inFull(step[lost] ?? 0)}.`;
}
