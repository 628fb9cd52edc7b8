import type { Evaluation } from './evaluation';

/** Name of a row: its class, or the row of samples whose truth is unknown. */
export function trueName({ labels, confusion }: Evaluation, id: number): string {
  return id === confusion.size ? 'unknown truth' : (labels[id] ?? '');
}

/** Name of a column: its class, or the column of samples on which the model abstained. */
export function predictedName({ labels, confusion }: Evaluation, id: number): string {
  return id === confusion.size ? 'abstained' : (labels[id] ?? '');
}

/** What a click on a cell selects: the cell, or, on unknown truth and abstentions, the class alone. */
export function cellSelection({ confusion }: Evaluation, truth: number, predicted: number): readonly number[] {
  return [truth, predicted].filter((id) => id !== confusion.size);
}
