import type { Curve } from '../../math/curve';
import type { Calibration } from '../../schema.gen';

/** One evaluation in the pictures: the one in focus first, then what it is compared with. */
export interface Overlay {
  readonly name: string;
  readonly colour: string;
  /** Whether its lines are dashed: the training in focus at another step has the same colour. */
  readonly dashed: boolean;
  readonly curve: Curve | undefined;
  readonly calibration: Calibration | undefined;
}
