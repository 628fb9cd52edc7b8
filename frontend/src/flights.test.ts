import { describe, expect, it } from 'vitest';
import { Flights } from './flights';

/** Questions whose answers are given by hand. */
function asking() {
  const flights = new Flights<string>();
  const started: { readonly signal: AbortSignal; readonly give: (answer: string) => void; readonly fail: (error: Error) => void }[] = [];
  const ask = (key: string, signal?: AbortSignal) =>
    flights.ask(key, (own) => new Promise((give, fail) => started.push({ signal: own, give, fail })), signal);
  return { ask, started };
}

describe('a question', () => {
  it('that is asked again on its way is answered once, and anew afterwards', async () => {
    const { ask, started } = asking();
    const both = [ask('a'), ask('a'), ask('b')];
    expect(started).toHaveLength(2);
    started[0]?.give('first');
    started[1]?.give('second');
    expect(await Promise.all(both)).toEqual(['first', 'first', 'second']);
    void ask('a');
    expect(started).toHaveLength(3);
  });

  it('fails for all who asked, and is asked anew by the next', async () => {
    const { ask, started } = asking();
    const both = [ask('a'), ask('a')];
    started[0]?.fail(new Error('gone'));
    for (const each of both) await expect(each).rejects.toThrow('gone');
    const next = ask('a');
    started[1]?.give('back');
    expect(await next).toBe('back');
  });

  it('is called off when all who asked have called off, and not before', async () => {
    const { ask, started } = asking();
    const [one, other] = [new AbortController(), new AbortController()];
    const [first, second] = [ask('a', one.signal), ask('a', other.signal)];
    one.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(started[0]?.signal.aborted).toBe(false);
    started[0]?.give('still');
    expect(await second).toBe('still');

    const third = ask('a', other.signal);
    other.abort();
    await expect(third).rejects.toMatchObject({ name: 'AbortError' });
    expect(started[1]?.signal.aborted).toBe(true);
    // Who asks now is not called off with them.
    const fourth = ask('a');
    expect(started).toHaveLength(3);
    started[2]?.give('anew');
    expect(await fourth).toBe('anew');
  });

  it('that is called off before it is asked is not asked', async () => {
    const { ask, started } = asking();
    await expect(ask('a', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(started).toEqual([]);
  });
});
