import { csv, type Format, json, png } from '../../components/download';
import { raster, standalone } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { numbers, rows } from './download';
import type { Read } from './read_structure';

interface Props {
  readonly read: Read;
  readonly training: string;
  /** The step that is shown; the layers may be the same since an earlier one. */
  readonly step: number;
  /** The graph on screen; null where the table is. */
  readonly graph: (() => SVGSVGElement | null) | null;
}

/** Pixels of the PNG to each of the drawing: print is finer than a screen. */
const FINE = 2;

/** Saves the layers as a table, and the graph as it is opened and coloured. */
export function Save({ read, training, step, graph }: Props) {
  const drawn = (make: (svg: SVGSVGElement) => Blob | null | Promise<Blob | null>) => () => {
    const svg = graph?.() ?? null;
    return svg === null ? null : make(svg);
  };
  const pictures: readonly Format[] = [
    { label: 'SVG', make: drawn((svg) => new Blob([standalone(svg, true)], { type: 'image/svg+xml' })) },
    { label: 'PNG', make: drawn(async (svg) => png(await raster(svg, FINE))) },
  ];
  return (
    <SaveMenu
      what="the model"
      subject={{ training, step }}
      formats={[
        { label: 'CSV', make: () => csv(rows(read)) },
        { label: 'JSON', make: () => json({ training, step, since: read.since, ...numbers(read) }) },
        ...(graph === null ? [] : pictures),
      ]}
    />
  );
}
