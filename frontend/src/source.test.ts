import { afterEach, describe, expect, it, vi } from 'vitest';
import { encode } from './decode.fixture';
import { infoOf, matrices } from './memory.fixture';
import { KINDS } from './schema.gen';
import { EVERYTHING, Failed, Server } from './source';

const info = infoOf(matrices('a b/c%', 'validation', [10]));
const listing = JSON.stringify({ trainings: [], problems: [] });

/** What was asked of a server that answers so, request by request. */
function answering(...answers: readonly (Response | Error)[]): Request[] {
  const asked: Request[] = [];
  const left = [...answers];
  vi.stubGlobal('fetch', async (address: string, init?: RequestInit) => {
    asked.push(new Request(new URL(address, 'http://tensorboard/prefix/data/plugin/layerscope/'), init));
    const answer = left.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new TypeError('nothing more');
    return answer;
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the server', () => {
  it('is asked below whatever prefix the page has', async () => {
    const asked = answering(new Response(listing));
    await new Server().list();
    expect(asked[0]?.url).toBe('http://tensorboard/prefix/data/plugin/layerscope/runs');
  });

  it('says with a 304 that nothing moved since the list it gave', async () => {
    const asked = answering(new Response(listing, { headers: { ETag: '"7"' } }), new Response(null, { status: 304 }));
    const server = new Server();
    expect(await server.list()).toEqual({ trainings: [], problems: [] });
    expect(await server.list()).toBeNull();
    expect(asked.map((request) => request.headers.get('If-None-Match'))).toEqual([null, '"7"']);
  });

  it('is asked for a range, with names that have any signs in them', async () => {
    const answer = () => new Response(encode([]));
    const asked = answering(answer(), answer(), answer(), answer(), answer());
    const server = new Server();
    await server.points(info, EVERYTHING);
    await server.points(info, { from: 10, to: 20 });
    await server.points(info, { from: null, to: 20 });
    await server.structure('a b/c%');
    await server.parameters(info, { from: null, to: 20 }, [3, 5]);
    expect((await server.parameters(info, EVERYTHING, [])).points).toEqual({});
    const queries = asked.map(({ url }) => Object.fromEntries(new URL(url).searchParams));
    const series = { run: 'a b/c%/layerscope', tag: 'validation/confusion_matrix' };
    expect(queries).toEqual([
      series,
      { ...series, steps: '10..20' },
      { ...series, steps: '..20' },
      { training: 'a b/c%' },
      { ...series, steps: '..20', parameters: '3,5' },
    ]);
  });

  it('gives the order of the classes of a series', async () => {
    const answer = '{"order": [2, 0, 1], "joins": [0.5, 1], "classes": "abc", "leaves": 3}';
    const asked = answering(new Response(answer), new Response('{"order": ["a"]}'), new Response(answer));
    expect(await new Server().order(info, [])).toEqual({ order: [2, 0, 1], joins: [0.5, 1], classes: 'abc' });
    expect(asked[0]?.url).toMatch(/order\?run=a\+b%2Fc%25%2Flayerscope&tag=validation%2Fconfusion_matrix$/);
    await expect(new Server().order(info, [])).rejects.toThrow('a class id is not a number');
    await new Server().order(info, [info]);
    expect(new URL(asked[2]?.url ?? '').searchParams.get('also')).toBe(JSON.stringify([[info.run, info.tag]]));
  });

  it('is asked for what it computes of an evaluation, leaving out what is any', async () => {
    const asked = answering(...Array.from({ length: 10 }, () => new Response(encode([]))));
    const server = new Server();
    const none = (promise: Promise<unknown>, what: string) => expect(promise).rejects.toThrow(what);
    await none(server.curves(info, 20, [3, 'micro']), 'curves answered no curves');
    await none(server.curves(info, 20, []), 'curves answered no curves');
    await none(server.calibration(info, 20, { bins: 10, by: 'mass' }), 'calibration answered no calibration');
    await none(server.samples(info, 20, { truth: 3, at_least: 1e-7, below: 0.5 }), 'samples answered no sample_list');
    await none(server.sample(info, 'a b/%'), 'sample answered no sample_history');
    await none(server.changes(info, 10, 20), 'changes answered no changes');
    await none(server.compare(info, 20, { ...info, run: 'other', tag: 'test/b' }, 30), 'compare answered no comparison');
    await none(server.topK(info), 'top_k answered no top_k');
    await none(server.topKMatrix(info, 20, 5), 'top_k_matrix answered no confusion_matrix');
    expect(await server.examples(info, [3, 5])).toEqual([]);
    expect(await server.examples(info, [])).toEqual([]);
    const rest = { step: '20' };
    const queries = asked.map(({ url }) => [new URL(url).pathname.split('/').at(-1), Object.fromEntries(new URL(url).searchParams)]);
    const series = { run: info.run, tag: info.tag };
    expect(queries).toEqual([
      ['curves', { ...series, ...rest, classes: '3,micro' }],
      ['curves', { ...series, ...rest }],
      ['calibration', { ...series, ...rest, bins: '10', by: 'mass' }],
      ['samples', { ...series, ...rest, truth: '3', at_least: '0.00000010000000000000', below: '0.50000000000000000000' }],
      ['sample', { ...series, sample: 'a b/%' }],
      ['changes', { ...series, from: '10', to: '20' }],
      ['compare', { ...series, ...rest, other_run: 'other', other_tag: 'test/b', other_step: '30' }],
      ['top_k', series],
      ['top_k_matrix', { ...series, ...rest, k: '5' }],
      ['examples', { ...series, places: '3,5' }],
    ]);
  });

  it('gives the curves that it answers, with undefined numbers as NaN', async () => {
    const arrays = Object.fromEntries(
      Object.entries(KINDS.curves.arrays).flatMap(([name, { optional }]) => (optional ? [] : [[name, { data: new Float64Array(0) }]])),
    );
    const fields = { classes: 'two', undefined: ['no positives'] };
    const one = { ...arrays, of: { data: Int32Array.of(1) }, auc: { data: Float64Array.of(Number.NaN) } };
    answering(new Response(encode([{ kind: 'curves', points: [{ step: 20, fields, arrays: one }] }])));
    const { step, payload } = await new Server().curves(info, 25, [1]);
    expect([step, payload.undefined, payload.auc[0], payload.band_low]).toEqual([20, ['no positives'], Number.NaN, null]);
  });

  it.each<[string, Response | Error, string]>([
    ['its own sentence', new Response(JSON.stringify({ error: 'no run r', fix: 'see /runs' }), { status: 404 }), 'no run r'],
    ['the status, when the answer is a proxy’s', new Response('<html>', { status: 502 }), 'TensorBoard answered 502.'],
    ['that it does not answer', new TypeError('Failed to fetch'), 'TensorBoard does not answer.'],
    ['that the answer is not JSON', new Response('<html>'), 'The answer is not JSON.'],
  ])('failing, tells %s', async (_, answer, sentence) => {
    answering(answer);
    const failure = await new Server().list().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failed);
    expect(failure).toMatchObject({ problem: { error: sentence }, request: 'runs' });
  });

  it('tells where a series begins that is asked for before', async () => {
    const nothing = { step: null, error: 'no predictions at or before step 5', fix: 'The first are of step 10.' };
    answering(new Response(encode([], [nothing])));
    const failure = await new Server().compare(info, 5, info, 10).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failed);
    expect(failure).toMatchObject({ problem: { error: nothing.error, fix: nothing.fix }, request: expect.stringMatching(/^compare\?/) });
  });

  it('is asked once for what several panels ask at the same time', async () => {
    const asked = answering(new Response(JSON.stringify({ error: 'none', fix: 'none' }), { status: 404 }), new TypeError('nothing more'));
    const server = new Server();
    const width = { bins: 15, by: 'width' } as const;
    const all = await Promise.allSettled([
      server.calibration(info, 10, width),
      server.calibration(info, 10, width),
      server.calibration(info, 20, width),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('step'))).toEqual(['10', '20']);
  });

  it('that was told to stop is no failure of it', async () => {
    answering(new DOMException('called off', 'AbortError'));
    await expect(new Server().points(info, EVERYTHING)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
