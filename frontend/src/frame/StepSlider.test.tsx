import { render } from 'preact';
import { useState } from 'preact/hooks';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StepSlider } from './StepSlider';

const box = document.body.appendChild(document.createElement('main'));
const shown: (number | null)[] = [];

function Page({ ticks, first }: { ticks: readonly number[]; first: number | null }) {
  const [chosen, setChosen] = useState<number | null>(first);
  const choose = (step: number | null) => {
    shown.push(step);
    setChosen(step);
  };
  return (
    <StepSlider
      ticks={ticks}
      counts="step"
      last={ticks.at(-1) ?? 0}
      chosen={chosen}
      seen={0}
      changes={[]}
      logged=""
      epoch={undefined}
      choose={choose}
    />
  );
}

const button = () => box.querySelector<HTMLButtonElement>('.ls-step-play');
const wait = (ms: number) =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });

beforeEach(() => {
  vi.useFakeTimers();
  shown.length = 0;
});
afterEach(() => {
  render(null, box);
  vi.useRealTimers();
});

describe('play', () => {
  it('shows each logged step in turn, and ends at the last', () => {
    act(() => render(<Page ticks={[10, 20, 50]} first={10} />, box));
    act(() => button()?.click());
    expect(button()?.getAttribute('aria-label')).toBe('stop at this step');
    wait(500);
    wait(500);
    wait(2000);
    expect(shown).toEqual([20, 50]);
    expect(button()?.getAttribute('aria-label')).toBe('play the steps');
  });

  it('begins with the first where the last is shown', () => {
    act(() => render(<Page ticks={[10, 20]} first={null} />, box));
    act(() => button()?.click());
    wait(500);
    expect(shown).toEqual([10, 20]);
  });

  it('stops at a click and at a key of the slider', () => {
    act(() => render(<Page ticks={[10, 20, 30, 40]} first={10} />, box));
    act(() => button()?.click());
    wait(500);
    act(() => button()?.click());
    wait(5000);
    expect(shown).toEqual([20]);
    act(() => button()?.click());
    act(() => {
      box.querySelector('[role="slider"]')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
    });
    wait(5000);
    expect(shown).toEqual([20, 10]);
  });

  it('is not there where there is one step', () => {
    act(() => render(<Page ticks={[10]} first={null} />, box));
    expect(button()).toBeNull();
  });
});
