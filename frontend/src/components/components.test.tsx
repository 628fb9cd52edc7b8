import { render, type VNode } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { announce } from '../live';
import { CopyCode } from './CopyCode';
import { Label } from './Label';
import { Segmented } from './Segmented';
import { Term } from './Term';
import { TooltipLayer } from './tooltip';

afterEach(() => act(() => render(null, document.body)));

const show = (content: VNode) => act(() => render(content, document.body));
const find = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector);

it('Segmented is a group of radio buttons with a name', async () => {
  const chosen = vi.fn();
  await show(
    <Segmented
      label="normalise"
      options={[
        { value: 'count', label: 'count' },
        { value: 'row', label: 'row %' },
      ]}
      value="count"
      onChange={chosen}
    />,
  );
  expect(find('legend')?.textContent).toBe('normalise');
  expect(find<HTMLInputElement>('input[value="count"]')?.checked).toBe(true);
  await act(() => find('input[value="row"]')?.click());
  expect(chosen).toHaveBeenCalledWith('row');
});

describe('Term', () => {
  it('explains itself when it has the focus, and lets go with Escape', async () => {
    await show(
      <>
        <Term name="reference">compared</Term>
        <TooltipLayer />
      </>,
    );
    const tip = find('#ls-tooltip');
    expect(tip?.hidden).toBe(true);
    await act(() => void find('button')?.dispatchEvent(new Event('focus')));
    expect(tip?.textContent).toBe('The training that the others are compared with.');
    expect(find('button')?.getAttribute('aria-describedby')).toBe('ls-tooltip');
    await act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })));
    expect(tip?.hidden).toBe(true);
  });

  it('is plain text without help', async () => {
    await show(<Term name="toString">word</Term>);
    expect([find('button'), document.body.textContent]).toEqual([null, 'word']);
  });
});

it('Label is short text, whole in its title, and never markup', async () => {
  await show(<Label text={'<b>two\nlines</b>'} max={9} />);
  expect(find('bdi')?.textContent).toBe('<b>t…</b>');
  expect(find('bdi')?.title).toBe('<b>two\nlines</b>');
  await show(<Label text="" />);
  expect(find('bdi')?.textContent).toBe('(no name)');
});

it('CopyCode shows one framework, moves with the arrow keys, and copies what is shown', async () => {
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await show(<CopyCode snippets={{ Keras: 'fit()', PyTorch: 'loop()' }} />);
  expect(find('pre')?.textContent).toBe('fit()');
  await act(() => void find('[aria-selected="true"]')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })));
  expect(find('pre')?.textContent).toBe('loop()');
  await act(async () => {
    find('.ls-button')?.click();
    await new Promise((resolve) => setTimeout(resolve));
  });
  expect(written).toHaveBeenCalledWith('loop()');
  expect(find('.ls-button')?.textContent).toBe('copied');
});

it('announces a sentence twice when it is said twice', () => {
  announce('cell 3, 4');
  const said = find('[role="status"]')?.textContent;
  announce('cell 3, 4');
  expect(find('[role="status"]')?.textContent).not.toBe(said);
});
