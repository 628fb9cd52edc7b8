import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { Answers } from '../../frame/answers';
import { MemorySource } from '../../memory.fixture';
import { CopyAll } from './CopyIds';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what is said of a copy stays its time, whatever was copied just before', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: async () => undefined } });
  const root = document.createElement('div');
  const show = (list: string) =>
    act(() =>
      render(
        <Answers.Provider value={new MemorySource([])}>
          <CopyAll list={list} total={2} fetchIds={async () => ['a', 'b']} />
        </Answers.Provider>,
        root,
      ),
    );
  const click = () =>
    act(async () => {
      root.querySelector('button')?.click();
      await vi.advanceTimersByTimeAsync(0);
    });

  const pass = (milliseconds: number) =>
    act(async () => {
      await vi.advanceTimersByTimeAsync(milliseconds);
    });

  await show('wrong');
  await click();
  expect(root.textContent).toBe('copied');
  await pass(1900);
  await show('right');
  expect(root.textContent).toBe('copy 2 ids');
  await click();
  await pass(200);
  expect(root.textContent).toBe('copied');
  await pass(1900);
  expect(root.textContent).toBe('copy 2 ids');
});
