import { useContext, useMemo } from 'preact/hooks';
import { Orders } from '../../frame/class_orders';
import { classOrder, isOrder } from '../../math/class_order';
import type { Problem } from '../../panel';
import type { Order } from './choices';
import type { Evaluation } from './evaluation';

interface Ordered {
  readonly order: ArrayLike<number>;
  /** Why the order asked for is not there; until it is, classes stand as given. */
  readonly problem: Problem | undefined;
  readonly waiting: boolean;
}

/** Class ids in the order chosen. By confusion is the server's, the same for all steps. */
export function useOrder({ series, confusion, labels }: Evaluation, chosen: Order): Ordered {
  const orders = useContext(Orders);
  const blocks = chosen === 'confusion' ? orders?.of(series).value : undefined;
  return useMemo(() => {
    if (chosen !== 'confusion') return { order: classOrder(chosen, labels, confusion), problem: undefined, waiting: false };
    if (blocks?.state === 'ready' && isOrder(blocks.order, confusion.size))
      return { order: blocks.order, problem: undefined, waiting: false };
    const problem =
      blocks?.state === 'failed'
        ? blocks.problem
        : blocks?.state === 'ready'
          ? { error: 'The order by confusion is of other classes than this step has', fix: 'choose "by confusion" again' }
          : undefined;
    return { order: classOrder('given', labels, confusion), problem, waiting: blocks?.state === 'loading' };
  }, [chosen, blocks, confusion, labels]);
}
