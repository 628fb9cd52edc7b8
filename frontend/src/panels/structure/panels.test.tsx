/** The two panels of the model view, drawn in a document. */
import { render } from 'preact';
import { useState } from 'preact/hooks';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readModel } from '../../math/tree';
import type { PanelProps } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { Differences } from './Differences';
import type { Built } from './fixtures/build';
import { Builder } from './fixtures/build';
import { chain, digits, oddNames, otherDigits, resnet50, siamese, subclassed, transformer, unet } from './fixtures/models';
import { beside, series, trained } from './gallery';
import { LayerDetails } from './LayerDetails';
import { Structure } from './Structure';

// A machine under load is no failure.
vi.setConfig({ testTimeout: 60_000 });

let selection: Selection = NOTHING_SELECTED;
let go: (to: Selection) => void = () => {};

type Given = PanelProps<'structure' | 'parameters' | 'tensor_stats' | 'activity'>['series'];

function Page({ given, start, step = 0 }: { given: Given; start: Partial<Selection>; step?: number }) {
  const [chosen, setChosen] = useState<Selection>({ ...NOTHING_SELECTED, ...start });
  selection = chosen;
  go = setChosen;
  const select = (change: Partial<Selection>) => setChosen((now) => ({ ...now, ...change }));
  const props = { series: given, selection: chosen, focus: 'run-1', step, select, colour: () => 'currentcolor' };
  return (
    <>
      <Structure {...props} />
      <LayerDetails {...props} />
    </>
  );
}

async function show(built: Built, start: Partial<Selection> = {}, step = 0): Promise<HTMLElement> {
  const root = document.createElement('div');
  document.body.append(root);
  await act(() => render(<Page given={series(built)} start={start} step={step} />, root));
  return root;
}

afterEach(() => {
  for (const root of [...document.body.children]) {
    render(null, root);
    root.remove();
  }
});

async function send(to: Element | null | undefined, event: Event): Promise<void> {
  await act(() => {
    to?.dispatchEvent(event);
  });
}

function box(root: HTMLElement, key: string): Element {
  const found = [...root.querySelectorAll('[data-box]')].find((each) => each.getAttribute('data-box') === key);
  if (found === undefined) throw new Error(`no box ${key}`);
  return found;
}

async function press(root: HTMLElement, key: string, more: KeyboardEventInit = {}): Promise<void> {
  const from = root.querySelector('[role=treeitem][tabindex="0"]');
  await send(from, new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
}

test('the digits model: its sum, its boxes, its table', async () => {
  const root = await show(digits());
  const sum = root.querySelector('[data-testid=model-summary]')?.textContent?.replace(/\s+/gu, ' ');
  expect(sum).toBe('digits · 8 970 parameters · 5 layers in 5 boxes');
  expect([...root.querySelectorAll('[role=treeitem]')].map((each) => each.getAttribute('data-layer'))).toEqual([
    'images',
    'flatten',
    'dense',
    'dense_1',
    'dense_2',
  ]);
  expect(root.querySelectorAll('[data-testid=layers] tr[data-layer]')).toHaveLength(5);
  expect(box(root, 'dense').textContent).toContain('Dense 64 · ReLU');
  const edges = [...root.querySelectorAll('[data-from]')].map(
    (each) => `${each.getAttribute('data-from')} ${each.getAttribute('data-to')}`,
  );
  expect(edges).toEqual(['0 1', '1 2', '2 3', '3 4']);
});

test('layers are counted as summary() lists them, and with the parts that some have', async () => {
  const sum = async (built: Built) => (await show(built)).querySelector('[data-testid=model-summary]')?.textContent?.replace(/\s+/gu, ' ');
  expect(await sum(transformer(12))).toContain('87 layers (123 with their parts)');
  expect(await sum(siamese())).toContain('5 layers (6 with their parts)');
  expect(await sum(subclassed())).toContain('3 layers (5 with their parts)');
});

test('a click on a box selects its layer, and the details say what it is', async () => {
  const root = await show(digits());
  await send(box(root, 'dense_2'), new MouseEvent('click', { bubbles: true }));
  expect(selection.layer).toBe('dense_2');
  expect(box(root, 'dense_2').getAttribute('aria-selected')).toBe('true');
  const details = root.querySelector('[data-testid=layer-details]');
  expect(details?.textContent).toContain('Dense 10 · softmax');
  expect(details?.querySelectorAll('[data-testid=weights] tbody tr')).toHaveLength(2);
});

test('the keyboard walks, opens and closes, and there is one tab stop', async () => {
  const root = await show(resnet50());
  const stops = () => [...root.querySelectorAll('[role=treeitem][tabindex="0"]')].map((each) => each.getAttribute('data-box'));
  await press(root, 'ArrowDown');
  expect(stops()).toEqual(['scope:conv1_pad']);
  await press(root, 'Enter');
  expect(box(root, 'scope:conv1_pad').getAttribute('aria-expanded')).toBe('true');
  await press(root, 'ArrowDown');
  expect(stops()).toEqual(['conv1_pad']);
  await press(root, 'Escape');
  expect(stops()).toEqual(['scope:conv1_pad']);
  expect(box(root, 'scope:conv1_pad').getAttribute('aria-expanded')).toBe('false');
});

test('the way to where one is ends with the model while nothing is selected', async () => {
  const root = await show(resnet50());
  expect(root.querySelector('nav[aria-label="boxes around"]')?.textContent).toBe('resnet50');
});

test('the boxes around the cursor are named, and lead back', async () => {
  const root = await show(resnet50(), { layer: 'conv4_block3_2_conv' });
  const crumbs = root.querySelector('nav[aria-label="boxes around"]');
  expect(crumbs?.textContent).toBe('resnet50 › conv4 › block2\u202f–\u202f6 × 5 › conv4_block3_2 › conv4_block3_2_conv');
  await send(crumbs?.querySelector('button'), new MouseEvent('click', { bubbles: true }));
  expect(root.querySelector('[role=treeitem][tabindex="0"]')?.getAttribute('data-box')).toBe('scope:conv4_block1_1_conv');
});

test('a selected layer is brought to sight, in its own copy; Shift and an arrow turn to another', async () => {
  const root = await show(transformer(12), { layer: 'dense_8' });
  expect(box(root, 'dense_8').getAttribute('aria-selected')).toBe('true');
  const repeat = root.querySelector('[data-kind=repeat]');
  expect(repeat?.textContent).toContain('copy 5 of 12');
  await send(repeat, new FocusEvent('focus'));
  await press(root, 'ArrowRight', { shiftKey: true });
  expect(root.querySelector('[data-kind=repeat]')?.textContent).toContain('copy 6 of 12');
});

test('an open fold says which copy is shown and in what the block beside it differs; many copies are one band', async () => {
  const root = await show(resnet50(), { layer: 'conv4_block3_2_conv' });
  expect(box(root, 'repeat:conv4_block2_1_conv').textContent).toMatch(/copy 2 of 5 shown · differs in: block1 \(stride/);
  const few = root.querySelectorAll('.ls-structure-joined').length;
  const many = await show(transformer(48));
  expect([few, many.querySelectorAll('.ls-structure-joined').length]).toEqual([0, 48]);
});

test('what a layer owns itself is told on its frame', async () => {
  const b = new Builder('attention', 'torch');
  const attention = b.add('MultiheadAttention', 'm', { weights: { in_proj_weight: [48, 16] }, edgesKnown: false });
  b.add('Linear', 'out_proj', { parent: attention, weights: { weight: [16, 16] } });
  const root = await show(b.build());
  expect(box(root, 'm').getAttribute('aria-expanded')).toBe('false');
  await send(box(root, 'm'), new MouseEvent('click', { bubbles: true }));
  expect(box(root, 'm').textContent).toContain('768 of its own');
});

test('a link opens the same boxes at the same copies, Back as well, and what is open says nothing of another model', async () => {
  const key = 'structure.open';
  const root = await show(transformer(12), { layer: 'dense_8' });
  const repeat = () => root.querySelector('[data-kind=repeat]');
  await send(repeat(), new FocusEvent('focus'));
  await press(root, 'ArrowRight', { shiftKey: true });
  const open = () => [...root.querySelectorAll('[aria-expanded=true]')].map((each) => each.getAttribute('data-box'));
  const opened = open();
  const link = selection;
  await press(root, 'Escape');
  expect(open()).not.toEqual(opened);
  await act(() => go(link));
  expect(open()).toEqual(opened);

  const other = await show(transformer(12), link);
  expect([...other.querySelectorAll('[aria-expanded=true]')].map((each) => each.getAttribute('data-box'))).toEqual(opened);
  expect(other.querySelector('[data-kind=repeat]')?.textContent).toContain('copy 6 of 12');
  for (const text of [link.options[key] ?? '', 'no JSON', '[1]', '["+no such box"]']) {
    expect((await show(digits(), { options: { [key]: text } })).querySelectorAll('[role=treeitem]')).toHaveLength(5);
  }
});

test('a closed box stays closed in a link, though the chosen layer is in it', async () => {
  const root = await show(transformer(12), { layer: 'dense_8' });
  await send(root.querySelector('[data-kind=repeat]'), new FocusEvent('focus'));
  await press(root, 'Escape');
  expect((await show(transformer(12), selection)).querySelector('[data-kind=repeat]')?.getAttribute('aria-expanded')).toBe('false');
});

test('the key / goes to the search, whose list chooses a layer that comes into sight', async () => {
  const root = await show(resnet50());
  await send(document.body, new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }));
  const field = root.querySelector<HTMLInputElement>('input[role=combobox]');
  expect(document.activeElement).toBe(field);
  const type = async (text: string) => {
    if (field !== null) field.value = text;
    await send(field, new Event('input', { bubbles: true }));
  };
  await type('block3_2_conv');
  const options = () => [...root.querySelectorAll('[role=option]')];
  expect(options()).toHaveLength(4);
  await send(field, new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
  await send(field, new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  expect(selection.layer).toBe('conv3_block3_2_conv');
  expect(box(root, 'conv3_block3_2_conv').getAttribute('aria-selected')).toBe('true');
  expect(options()).toHaveLength(0);
  await type('no such layer');
  expect(root.querySelector('.ls-structure-found')?.textContent).toBe('no layer');
  await send(field, new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect(field?.value).toBe('');
});

test('the key p makes faint what is not on the way of the chosen layer, and lets it go again', async () => {
  const root = await show(siamese(), { layer: 'left' });
  const faint = () => [...root.querySelectorAll('[data-box].ls-faint')].map((each) => each.getAttribute('data-box'));
  expect(faint()).toEqual([]);
  await send(document.body, new KeyboardEvent('keydown', { key: 'p', bubbles: true }));
  expect(faint()).toEqual(['right', 'encoder#2']);
  await send(root.querySelector('input[role=combobox]'), new KeyboardEvent('keydown', { key: 'p', bubbles: true }));
  expect(faint()).toEqual(['right', 'encoder#2']);
  await send(document.body, new KeyboardEvent('keydown', { key: 'p', bubbles: true }));
  expect(faint()).toEqual([]);
});

test('a skip that passes the chosen layer by is faint', async () => {
  const root = await show(unet(), { layer: 'bottom_conv1', options: { 'structure.path': 'on' } });
  expect(root.querySelectorAll('[data-box].ls-faint')).toHaveLength(0);
  expect(root.querySelectorAll('[data-from].ls-faint')).toHaveLength(3);
});

test('the table sorts by what a column says, and selects', async () => {
  const root = await show(digits(), { options: { 'structure.show': 'table' } });
  const names = () => [...root.querySelectorAll('tr[data-layer]')].map((row) => row.getAttribute('data-layer'));
  const head = [...root.querySelectorAll('thead button')].find((each) => each.textContent?.startsWith('parameters'));
  await send(head, new MouseEvent('click', { bubbles: true }));
  expect(names()).toEqual(['dense', 'dense_1', 'dense_2', 'images', 'flatten']);
  expect(root.querySelectorAll('th[aria-sort=descending]')).toHaveLength(1);
  await send(root.querySelector('tr[data-layer=dense_1] button'), new MouseEvent('click', { bubbles: true }));
  expect(selection.layer).toBe('dense_1');
  const own = readModel(digits().structure, digits().parameters);
  expect(root.querySelector('tfoot')?.textContent).toContain(String(own.count.total).slice(-3));
});

test('calls of a shared layer say so', async () => {
  const root = await show(siamese(), { layer: 'encoder#2' });
  expect(box(root, 'encoder#2').textContent).toContain('2 of 2');
  expect(box(root, 'encoder').getAttribute('class')).toContain('ls-twin');
  expect(root.querySelector('[data-testid=layer-details]')?.textContent).toContain('call 2 of 2');
});

test('names from a log are text, never markup', async () => {
  const root = await show(oddNames(), { layer: '<img src=x onerror=alert(1)>' });
  expect(root.querySelector('img, b > b')).toBeNull();
  expect(root.textContent).toContain('<img src=x onerror=alert(1)>');
});

test('what is not known is said: no edges, no layers, a layer of another model', async () => {
  expect((await show(subclassed())).textContent).toContain('not how they are connected');
  expect((await show(new Builder('nothing').build())).textContent).toContain('no layers');
  expect((await show(digits(), { layer: 'other' })).textContent).toContain('has no layer');
});

test('10 000 layers: few boxes, and of the table only the rows in sight', async () => {
  const root = await show(chain(10_000, 3));
  expect(root.querySelectorAll('[role=treeitem]').length).toBeLessThanOrEqual(40);
  expect(root.querySelectorAll('tr[data-layer]').length).toBeLessThan(100);
});

describe('health', () => {
  async function healthy(step: number): Promise<HTMLElement> {
    const root = document.createElement('div');
    document.body.append(root);
    const given = trained(resnet50());
    const start = { options: { 'structure.colour': 'update_ratio' }, layer: 'conv2_block2_2_conv' };
    await act(() => render(<Page given={given} start={start} step={step} />, root));
    return root;
  }
  const told = (root: HTMLElement, layer: string) => root.querySelector(`[data-layer="${layer}"] [data-testid=told]`)?.textContent;

  test('is chosen in the toolbar where statistics are logged, and written on each box', async () => {
    const root = await healthy(20);
    expect(root.querySelector('.ls-structure-colour')?.textContent).toContain('update sizegradientweightnot finite');
    expect(Number.parseFloat(told(root, 'conv2_block2_2_conv') ?? '')).toBeGreaterThan(0);
    expect(root.querySelector('.ls-structure-legend')?.textContent).toContain('update size at step 20; log scale, fixed over all steps');
    const without = await show(resnet50());
    expect(without.querySelector('.ls-structure-colour')?.textContent).not.toContain('update size');
  });

  test('leaves out biases where one asks for it here, in boxes and beside them alike', async () => {
    const root = await healthy(20);
    const row = () => root.querySelector<HTMLElement>('[data-testid=layer-health] [data-measure=update_ratio]')?.dataset.value;
    const before = [told(root, 'conv2_block2_2_conv'), row()];
    const kernels = [...root.querySelectorAll('label')].find((each) => each.textContent === 'kernels')?.querySelector('input');
    await send(kernels, new Event('change', { bubbles: true }));
    expect(selection.options['tensors.kernels']).toBe('only');
    expect(told(root, 'conv2_block2_2_conv')).not.toBe(before[0]);
    expect(row()).not.toBe(before[1]);
    expect(Number(row())).toBeCloseTo(Number.parseFloat(told(root, 'conv2_block2_2_conv') ?? ''), 4);
    expect(root.querySelector('[data-testid=layer-health]')?.textContent).toContain('kernels alone');
    expect(root.querySelector('.ls-structure-legend')?.textContent).toContain('kernels alone');
  });

  test('names the layer that is not finite on every box around it', async () => {
    const root = await healthy(39);
    expect(told(root, 'conv2_block2_2_conv')).toContain('not finite');
    expect(root.textContent).toContain('NaN or ∞ in conv2_block2_2_conv');
  });

  test('of the selected layer stands beside its configuration, and leads to all layers over time', async () => {
    const root = await healthy(20);
    const table = root.querySelector('[data-testid=layer-health]');
    expect(table?.querySelector('thead')?.textContent).toContain('at step 20');
    const shown = Number(table?.querySelector<HTMLElement>('[data-measure=update_ratio]')?.dataset.value);
    expect(Math.abs(Math.log10(shown) - Math.log10(Number.parseFloat(told(root, 'conv2_block2_2_conv') ?? '')))).toBeLessThan(0.01);
    await send(table?.querySelector('[data-measure=gradient_norm] button[aria-label]'), new MouseEvent('click', { bubbles: true }));
    expect([selection.view, selection.options['tensors.measure']]).toEqual(['training', 'gradient_norm']);
  });
});

test('a saved model is named by the step that is shown, not by the one since which its layers are the same', async () => {
  const root = await show(digits(), {}, 1200);
  const names: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  await act(async () => [...root.querySelectorAll('button')].find((each) => each.textContent === 'CSV')?.click());
  click.mockRestore();
  expect(names).toEqual(['run-1-model-step-1200.csv']);
});

describe('beside the model of the reference', () => {
  async function showBoth(own: Built, other: Built): Promise<HTMLElement> {
    const root = document.createElement('div');
    document.body.append(root);
    function Both() {
      const [chosen, setChosen] = useState<Selection>({ ...NOTHING_SELECTED, reference: 'run-2' });
      selection = chosen;
      const select = (change: Partial<Selection>) => setChosen((now) => ({ ...now, ...change }));
      const props = { series: beside(own, other), selection: chosen, focus: 'run-1', step: 0, select, colour: () => 'currentcolor' };
      return (
        <>
          <Structure {...props} />
          <Differences {...props} />
        </>
      );
    }
    await act(() => render(<Both />, root));
    return root;
  }
  const lines = (root: HTMLElement) =>
    [...root.querySelectorAll('[data-difference]')].map((row) => [
      row.getAttribute('data-difference'),
      row.getAttribute('data-path'),
      row.querySelector('td:last-child')?.textContent?.replace(/\s×\s/gu, '×'),
    ]);

  test('layers that differ are listed with what they were, and marked in the picture', async () => {
    const root = await showBoth(otherDigits(), digits());
    expect(lines(root)).toEqual([
      ['changed', 'dense_3', 'activation relu → gelu'],
      ['added', 'dropout', ''],
      ['changed', 'dense_4', 'units 64 → 128parameters 64×64, 64 → 64×128, 128'],
      ['changed', 'dense_5', 'parameters 64×10, 10 → 128×10, 10'],
    ]);
    const marked = [...root.querySelectorAll('[data-mark]')].map((mark) => [
      mark.closest('[data-box]')?.getAttribute('data-box'),
      mark.getAttribute('data-mark'),
    ]);
    expect(new Map(marked as [string, string][])).toEqual(
      new Map([
        ['dense_3', '≠'],
        ['dropout', '+'],
        ['dense_4', '≠'],
        ['dense_5', '≠'],
      ]),
    );
    const text = root.querySelector('[data-testid=model-differences]')?.textContent;
    expect(text).toContain('1 layer added, 3 layers changed; 2 the same.');
    // 64 · 64 + 64 more in dense_4, 64 · 10 more behind it.
    expect(text).toMatch(/4\s800 more/u);
  });

  test('a layer of the list is chosen by a click, and one that is gone is text', async () => {
    const root = await showBoth(digits(), otherDigits());
    await send(root.querySelector('[data-difference=changed] button'), new MouseEvent('click', { bubbles: true }));
    expect(selection.layer).toBe('dense');
    expect(root.querySelector('[data-difference=removed] button')).toBeNull();
  });

  test('of the same model nothing is listed or marked', async () => {
    const root = await showBoth(resnet50(), resnet50());
    expect(root.querySelector('[data-testid=model-differences]')?.textContent).toContain('The same layers');
    expect([lines(root), root.querySelectorAll('[data-mark]').length]).toEqual([[], 0]);
  });

  test('without a reference there is no comparison', async () => {
    const root = await show(digits());
    expect(root.querySelector('[data-testid=model-differences]')).toBeNull();
  });

  test('a model that changes in training is compared with itself before', async () => {
    const [before, after] = [series(digits()), series(otherDigits())];
    const [first] = before.structure;
    const [, ...none] = before.structure;
    const later = after.structure[0]?.points.map((point) => ({ ...point, step: 500 })) ?? [];
    if (first === undefined) throw new Error('no structure');
    const given = { ...after, structure: [{ ...first, points: [...first.points, ...later] }, ...none] };
    const root = document.createElement('div');
    document.body.append(root);
    const props = { selection: NOTHING_SELECTED, focus: 'run-1', select: () => {}, colour: () => 'currentcolor', series: given };
    await act(() => render(<Differences {...props} step={700} />, root));
    expect(root.textContent).toContain('Against itself before step 500');
    await act(() => render(<Differences {...props} step={400} />, root));
    expect(root.textContent).toBe('');
  });
});
