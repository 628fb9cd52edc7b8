import { csv, json, png } from '../../components/download';
import { pictureOf } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import type { Domain } from '../../math/domain';
import type { Placed } from '../../math/placed';
import type { Clock } from '../../math/series';
import { called } from './called';
import { numbers, rows } from './download';

interface Props {
  readonly what: string;
  readonly placed: readonly Placed[];
  readonly shown: Domain;
  readonly clocks: ReadonlyMap<string, Clock>;
  readonly focus: string;
  readonly step: number;
  /** What the step is called. */
  readonly stepText: string;
  /** What is on screen. */
  readonly picture: () => HTMLElement | null;
}

/** Saves one chart or all: the points in the part shown, or the picture with its legend. */
export function Save({ what, placed, shown, clocks, focus, step, stepText, picture }: Props) {
  return (
    <SaveMenu
      what={what}
      subject={{ training: focus, step }}
      formats={[
        { label: 'CSV', make: () => csv(rows(placed, shown, clocks)) },
        { label: 'JSON', make: () => json({ training: focus, step, ...numbers(placed, shown, clocks) }) },
        {
          label: 'PNG',
          make: async () => {
            const element = picture();
            return element === null ? null : png(await pictureOf(element, `${called(focus)} · ${stepText}`));
          },
        },
      ]}
    />
  );
}
