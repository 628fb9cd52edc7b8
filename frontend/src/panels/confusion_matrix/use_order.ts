import { useContext, useMemo } from 'preact/hooks';
import type { ConfusionOrder } from '../../decode';
import { Orders } from '../../frame/class_orders';
import { type ClassOrder, classOrder, isOrder, orderByName, together } from '../../math/class_order';
import { classesOf } from '../../math/classes';
import type { Problem, Series, SeriesInfo } from '../../panel';
import type { Choices } from './choices';
import { type Evaluation, there } from './evaluation';
import type { Kept } from './use_pinned';

interface Ordered {
  readonly order: ArrayLike<number>;
  /** The order by confusion with its tree, where it was asked for and is of the classes shown. */
  readonly found: ConfusionOrder | undefined;
  /** Why the order asked for is not there; until it is, classes stand as given. */
  readonly problem: Problem | undefined;
  readonly waiting: boolean;
}

/** Every series of the evaluation that is shown beside one: one order is made of all of them. */
export function shownBeside(series: SeriesInfo, all: readonly SeriesInfo[]): readonly SeriesInfo[] {
  return all.filter((each) => each.run !== series.run || each.tag !== series.tag);
}

/** Class ids in the order chosen: of all steps of all trainings shown together, so that no class moves along the slider. */
export function useOrder(
  { series, point, confusion, labels }: Evaluation,
  kept: readonly Kept[],
  all: readonly Series<'confusion_matrix'>[],
  classes: readonly Series<'classes'>[],
  chosen: Pick<Choices, 'order' | 'grouping'>,
): Ordered {
  const orders = useContext(Orders);
  const isAsked = chosen.order === 'confusion' || chosen.grouping === 'found';
  const blocks = isAsked ? orders?.of(series, shownBeside(series, all)).value : undefined;
  const own: ClassOrder = chosen.order === 'confusion' ? 'given' : chosen.order;
  // What no matrix decides is not made anew with each step.
  const deciding = own === 'given' || own === 'name' ? undefined : kept;
  const plain = useMemo(() => {
    const rated = deciding === undefined ? confusion : sum(deciding, labels);
    return classOrder(own, labels, rated);
  }, [own, labels, deciding]);
  return useMemo(() => {
    const none = { order: plain, found: undefined, problem: undefined, waiting: false };
    if (blocks === undefined) return none;
    if (blocks.state === 'loading') return { ...none, waiting: true };
    if (blocks.state === 'failed') return { ...none, problem: blocks.problem };
    const isOwn = blocks.order.classes === '' || blocks.order.classes === point.payload.classes;
    if (isOwn && isOrder(blocks.order.order, labels.length)) {
      return { ...none, found: blocks.order, order: chosen.order === 'confusion' ? blocks.order.order : plain };
    }
    const names = classesOf(classes, blocks.order.classes, series.run)?.labels;
    if (names !== undefined && isOrder(blocks.order.order, names.length)) {
      return { ...none, order: chosen.order === 'confusion' ? orderByName(blocks.order.order, names, labels) : plain };
    }
    const problem = { error: 'The order by confusion is of other classes than this step has', fix: 'choose "by confusion" again' };
    return { ...none, problem };
  }, [plain, blocks, point.payload.classes, labels, classes, chosen.order]);
}

function sum(kept: readonly Kept[], labels: readonly string[]) {
  return together(
    labels.length,
    kept.map((each) => there({ labels }, each)),
  );
}
