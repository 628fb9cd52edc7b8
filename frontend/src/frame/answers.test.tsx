import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import { MemorySource } from '../memory.fixture';
import { Failed } from '../source';
import { Answers, useAnswer } from './answers';

const waiting = new Map<string, { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void }>();
const stopped: string[] = [];

function Asking({ question }: { question: string | null }) {
  const answered = useAnswer(question, (_, signal) => {
    const asked = question ?? '';
    signal.addEventListener('abort', () => stopped.push(asked));
    return new Promise<string>((resolve, reject) => waiting.set(asked, { resolve, reject }));
  });
  return <p>{answered.state === 'ready' ? answered.answer : `${answered.state}, ${answered.old ?? 'nothing'} before`}</p>;
}

const source = new MemorySource([]);
const show = (question: string | null) =>
  act(() =>
    render(
      <Answers.Provider value={source}>
        <Asking question={question} />
      </Answers.Provider>,
      document.body,
    ),
  );
const text = () => document.body.textContent;

afterEach(() => {
  act(() => render(null, document.body));
  waiting.clear();
  stopped.length = 0;
});

test('the old answer stays until the new one is there, and one that comes too late is dropped', async () => {
  await show('a');
  expect(text()).toBe('loading, nothing before');
  await act(async () => waiting.get('a')?.resolve('A'));
  expect(text()).toBe('A');
  await show('b');
  expect(text()).toBe('loading, A before');
  await show('c');
  await act(async () => waiting.get('c')?.resolve('C'));
  await act(async () => waiting.get('b')?.resolve('B'));
  expect(text()).toBe('C');
  expect(stopped).toEqual(['a', 'b']);
});

test('a refusal is told, and nothing is asked without a question', async () => {
  await show(null);
  expect([text(), waiting.size]).toEqual(['loading, nothing before', 0]);
  await show('a');
  await act(async () => waiting.get('a')?.reject(new Failed({ error: 'no a', fix: 'ask for b' }, 'a?')));
  expect(text()).toBe('failed, nothing before');
});
