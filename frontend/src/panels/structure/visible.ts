import { type Boxes, content } from '../../math/folding';
import type { OpenBoxes } from './open_boxes';

/** How many closed boxes are on the page. */
export function visibleBoxes(boxes: Boxes, { open, copies }: OpenBoxes): number {
  let n = 0;
  const stack = [...boxes.top];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const box = boxes.list[id];
    if (box === undefined) continue;
    if (box.children.length > 0 && open.has(box.key)) stack.push(...content(boxes, box, copies.get(box.key) ?? 0));
    else n++;
  }
  return n;
}
