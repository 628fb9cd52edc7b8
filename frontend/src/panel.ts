/** What a panel is: a function of its points. Every file `panels/*\/index.ts` exports a list of them, and is found there. */
import type { FunctionComponent } from 'preact';
import type { Kind, Payloads } from './schema.gen';
import type { Selection, View } from './selection';

/** One record of a series, or, for scalars, the whole series. */
export interface Point<K extends Kind = Kind> {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly payload: Payloads[K];
  /** Who wrote it, and how many records that writer had tried to write to the series before; undefined where nothing tells. */
  readonly record?: { readonly writer: string; readonly ordinal: number };
}

/** A series as the list of trainings tells it, before its points are fetched. */
export interface SeriesInfo {
  readonly training: string;
  readonly run: string;
  readonly tag: string;
  readonly kind: string;
  readonly version: number;
  readonly evaluation: string | null;
  /** For scalars: what it is (`loss`, `accuracy`, `learning_rate`), and of which part (`train`, `validation`); for histograms
   * the parameter, and whose values (`weights`, `gradients`, `other`); for statistics of layers `scalars` where they are made of
   * another tool's. */
  readonly name: string | null;
  readonly split: string | null;
  readonly lastStep: number;
  readonly lastWallTime: number;
}

export interface Series<K extends Kind = Kind> extends SeriesInfo {
  readonly kind: K;
  /** Rising by step. */
  readonly points: readonly Point<K>[];
  /** Where a series is too large for all of it to be here: the steps of all of its points. The one at the step shown comes. */
  readonly allSteps?: readonly number[] | undefined;
  readonly problems: readonly Problem[];
}

/** What could not be shown, and the way out. */
export interface Problem {
  readonly error: string;
  readonly fix: string;
}

export interface PanelProps<K extends Kind> {
  /** The series of each kind needed, of the trainings shown: the focused one first, then the reference, then the others.
   * Kinds that belong to an evaluation come for the selected evaluation only. */
  readonly series: { readonly [P in K]: readonly Series<P>[] };
  /** What the list tells of the series of each kind the panel `asks` about, in the same order; their points are not fetched. */
  readonly asked?: readonly SeriesInfo[];
  readonly selection: Selection;
  /** The training in focus. */
  readonly focus: string;
  /** The step to show: the selected one, else the last. A series shows its last point at or before it. */
  readonly step: number;
  /** Changes the selection; the page follows. */
  readonly select: (change: Partial<Selection>) => void;
  /** Colour of a training, as in the list. */
  readonly colour: (training: string) => string;
}

export interface Panel<K extends Kind = Kind> {
  readonly id: string;
  readonly view: View;
  /** Place among the view's panels, small first. */
  readonly order: number;
  /** `main` is the wide column and `side` the narrow one. `samples` stand below the side, or beside it where there is room,
   * and `below` goes on below the main ones, after both where there is one column alone. */
  readonly place: 'main' | 'side' | 'samples' | 'below';
  readonly title: string;
  readonly needs: readonly K[];
  /** Kinds that the server is asked about instead of their series being fetched, and the kinds that it answers. */
  readonly asks?: readonly Kind[];
  /** Kinds without which the panel is not shown; by default all it needs, or none where one of several is enough. */
  readonly required?: readonly Kind[];
  /** Kinds of which the training in focus must have one. */
  readonly anyOf?: readonly K[];
  /** Kinds that are not waited for: the panel is drawn without them until they come, if it has anything else. */
  readonly later?: readonly K[];
  /** Leaves out series that the panel does not draw. */
  readonly wants?: (series: SeriesInfo) => boolean;
  /** One chunk a panel, fetched when it is first shown. */
  readonly load: () => Promise<FunctionComponent<PanelProps<K>>>;
}

/** The last point at or before a step; undefined when the series begins later. */
export function at<P extends { readonly step: number }>(points: readonly P[], step: number): P | undefined {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const point = points[middle];
    if (point !== undefined && point.step <= step) low = middle + 1;
    else high = middle;
  }
  return points[low - 1];
}
