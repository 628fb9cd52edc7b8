import type { ComponentChildren, RefObject } from 'preact';
import { useVirtual } from '../frame/use_virtual';

interface Props {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly class: string;
  /** What it is, for those who hear it. */
  readonly label: string;
  readonly testId: string;
  readonly length: number;
  /** The cells of its head. */
  readonly head: ComponentChildren;
  /** The row at a place, which has a key and takes the number among all rows, the head's included. */
  readonly row: (place: number, number: number) => ComponentChildren;
}

/** Height of a row, in pixels. */
export const ROW = 26;
/** So few rows are in the page at once. */
const SHORT = 50;

/** A table that scrolls. Of many rows only those that are seen are in the page. */
export function LongTable({ scroller, class: looks, label, testId, length, head, row }: Props) {
  const { rows } = useVirtual(length, ROW, scroller);
  const places =
    length <= SHORT ? Array.from({ length }, (_, place) => place) : rows.flatMap(({ index }) => (index < length ? [index] : []));
  const before = (places[0] ?? 0) * ROW;
  const after = Math.max(0, (length - 1 - (places.at(-1) ?? length - 1)) * ROW);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must be able to do.
    <section class={looks} ref={scroller} tabIndex={0} aria-label={label}>
      <table data-testid={testId} aria-rowcount={length + 1}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>
          <tr style={{ height: `${before}px` }} />
          {places.map((place) => row(place, place + 2))}
          <tr style={{ height: `${after}px` }} />
        </tbody>
      </table>
    </section>
  );
}
