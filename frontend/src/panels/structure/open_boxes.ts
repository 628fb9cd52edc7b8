/** Which boxes are open: a value, changed by keys so that it outlives a new record of the same model, and written in links. */
import { type Box, type Boxes, content, overview } from '../../math/folding';
import type { Model } from '../../math/tree';

export interface OpenBoxes {
  readonly open: ReadonlySet<string>;
  /** Number of the copy shown, by the key of the repeat. */
  readonly copies: ReadonlyMap<string, number>;
}

export function atFirst(model: Model, boxes: Boxes): OpenBoxes {
  return { open: new Set([...overview(model, boxes)].map((id) => boxes.list[id]?.key ?? '')), copies: new Map() };
}

/** What differs from the start, as text: a list of `+key` for an open box, `-key` for a closed one, `5+key` at its sixth copy. */
export function writeOpen(first: OpenBoxes, { open, copies }: OpenBoxes): string | undefined {
  const changed = [...first.open, ...open].filter((key) => first.open.has(key) !== open.has(key));
  const turned = [...copies].flatMap(([key, copy]) => (copy > 0 ? [key] : []));
  const entries = [...new Set([...changed, ...turned])].map((key) => `${copies.get(key) || ''}${open.has(key) ? '+' : '-'}${key}`);
  return entries.length === 0 ? undefined : JSON.stringify(entries);
}

/** What `writeOpen` wrote, of this model or another: what cannot be read, or is no box here, is left as at the start. */
export function readOpen(first: OpenBoxes, boxes: Boxes, text: string): OpenBoxes {
  const open = new Set(first.open);
  const copies = new Map(first.copies);
  const byKey = new Map(boxes.list.map((box) => [box.key, box]));
  for (const entry of listOf(text)) {
    const [, copy = '', sign = '', key = ''] = /^(\d{0,6})([+-])(.*)$/s.exec(String(entry)) ?? [];
    const box = byKey.get(key);
    if (box === undefined || box.children.length === 0) continue;
    if (sign === '+') open.add(key);
    else open.delete(key);
    if (Number(copy) < box.children.length) copies.set(key, Number(copy));
  }
  return { open, copies };
}

function listOf(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

export function toggled({ open, copies }: OpenBoxes, box: Box, opened: boolean): OpenBoxes {
  const next = new Set(open);
  if (opened) next.add(box.key);
  else next.delete(box.key);
  return { open: next, copies };
}

export function turned({ open, copies }: OpenBoxes, box: Box, copy: number): OpenBoxes {
  return { open: new Set([...open, box.key]), copies: new Map([...copies, [box.key, copy]]) };
}

/** Opens what is around a layer, each repeat at the copy that the layer is in. The same value when it is visible already. */
export function revealed(now: OpenBoxes, boxes: Boxes, layer: number): OpenBoxes {
  const open = new Set(now.open);
  const copies = new Map(now.copies);
  let child = boxes.list[boxes.of[layer] ?? -1];
  for (let box = boxes.list[child?.parent ?? -1]; box !== undefined; box = boxes.list[box.parent]) {
    const copy = box.kind === 'repeat' ? box.children.indexOf(child?.id ?? -1) : 0;
    open.add(box.key);
    if (box.kind === 'repeat') copies.set(box.key, copy);
    child = box;
  }
  const same = open.size === now.open.size && [...copies].every(([key, copy]) => (now.copies.get(key) ?? 0) === copy);
  return same ? now : { open, copies };
}

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
