import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, decodeListing, decodeProblem, isKnown, Malformed, seriesByKind } from './decode';
import { container, encode } from './decode.fixture';
import { KINDS } from './schema.gen';

const cell = fc.record({ column: fc.nat(50), count: fc.nat() });

describe('decode', () => {
  it('gives back each point of a joined segment', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 5 }), { minLength: 1, maxLength: 6 }), (matrices) => {
        const points = matrices.map((cells, k) => ({
          step: 10 * k,
          fields: { classes: `d${k}`, epoch: k },
          arrays: {
            row_end: { data: Int32Array.of(cells.length, cells.length) },
            column: { data: Int32Array.from(cells, (each) => each.column) },
            count: { data: Float64Array.from(cells, (each) => each.count) },
          },
        }));
        const read = decode(encode([{ kind: 'confusion_matrix', points }])).points.confusion_matrix ?? [];
        expect(read.map((point) => point.step)).toEqual(points.map((point) => point.step));
        read.forEach(({ payload }, k) => {
          expect(payload.classes).toBe(`d${k}`);
          expect(Array.from(payload.column)).toEqual(matrices[k]?.map((each) => each.column));
          expect(Array.from(payload.count)).toEqual(matrices[k]?.map((each) => each.count));
          // Absent: the default of a field, null for an optional array.
          expect([payload.threshold, payload.dropped, payload.weight]).toEqual([null, {}, null]);
        });
      }),
    );
  });

  it('leaves numbers as they are, whatever the width they are declared with', () => {
    const written: Readonly<Record<string, readonly number[]>> = {
      int64: [-3, 70_000],
      float64: [-0.25, 1e300],
      float32: [-0.25, 1.5],
      float16: [-0.25, 1.5],
      bool: [0, 1],
      uint8: [0, 255],
    };
    const data = (dtype: string, length: number) => {
      const numbers = Array.from({ length }, (_, k) => written[dtype]?.[k % 2] ?? 0);
      return dtype === 'int64' ? Int32Array.from(numbers) : dtype === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers);
    };
    for (const [kind, declared] of Object.entries(KINDS)) {
      if (Object.values(declared.arrays).some(({ pointAxis }) => pointAxis !== 0)) continue; // written otherwise than `encode` does
      const arrays = Object.fromEntries(
        Object.entries(declared.arrays).map(([name, { dtype, axes }]) => {
          const row = axes.slice(1).map((axis) => (typeof axis === 'number' ? axis : 2));
          return [
            name,
            {
              row,
              data: data(
                dtype,
                row.reduce((a, b) => a * b, 2),
              ),
            },
          ];
        }),
      );
      const [point] = Object.values(decode(encode([{ kind, points: [{ step: 0, arrays }] }])).points).flat();
      for (const [name, { data }] of Object.entries(arrays)) {
        const read = Object.entries(point?.payload ?? {}).find(([field]) => field === name)?.[1];
        expect(Array.from(read as ArrayLike<number>), `${kind}/${name}`).toEqual(Array.from(data));
      }
    }
  });

  it('tells of each record its place among those of its writer, where it has one', () => {
    const points = [0, 10].map((step) => ({ step, writer: step === 0 ? 'a' : '', arrays: {} }));
    const read = decode(
      encode([
        { kind: 'activity', points: [] },
        { kind: 'classes', points },
      ]),
    );
    expect(read.points.classes?.map(({ record }) => record)).toEqual([{ writer: 'a', ordinal: 0 }, undefined]);
  });

  it('slices arrays of several axes along the first', () => {
    const points = [2, 1].map((edges, k) => ({ step: k, arrays: { edge: { data: new Int32Array(edges * 4).fill(k + 1), row: [4] } } }));
    const read = decode(encode([{ kind: 'of_tomorrow', known: false, points }])).raw;
    expect(read.map((point) => point.arrays.edge?.shape)).toEqual([
      [2, 4],
      [1, 4],
    ]);
    expect(Array.from(read[1]?.arrays.edge?.data ?? [])).toEqual([2, 2, 2, 2]);
  });

  it('slices each array along its own point axis', () => {
    const step = Int32Array.of(0, 1, 2, 3, 4);
    // [statistic 2, parameter 3, step 5]: value 100 s + 10 p + step
    const value = Float32Array.from({ length: 30 }, (_, i) => 100 * Math.floor(i / 15) + 10 * (Math.floor(i / 5) % 3) + (i % 5));
    const rate = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const ends = Int32Array.of(2, 5);
    const scalars = ['loss', 'batch_examples', 'epoch', 'loss_scale', 'clip_factor', 'skipped'].flatMap((name) => [
      [`0/${name}`, [5], name === 'skipped' ? new Uint8Array(5) : Float64Array.from(step)] as const,
      [`0/${name}/end`, [2], ends] as const,
    ]);
    const point = { step: 1, wall_time: 1, writer: 'w', fields: { statistics: ['a', 'b'], groups: ['0', '1'], parameters: 'd' } };
    const buffer = container(
      [
        ['0/step', [5], step],
        ['0/step/end', [2], ends],
        ['0/value', [2, 3, 5], value],
        ['0/value/end', [2], ends],
        ['0/learning_rate', [2, 5], rate],
        ['0/learning_rate/end', [2], ends],
        ...scalars,
      ],
      {
        layerscope: JSON.stringify({
          segments: [{ kind: 'tensor_stats', version: 1, known: true, points: [point, { ...point, step: 4 }] }],
        }),
      },
    );
    const [first, second] = decode(buffer).points.tensor_stats ?? [];
    expect(Array.from(first?.payload.value ?? [])).toEqual([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]);
    expect(Array.from(second?.payload.value ?? [])).toEqual([2, 3, 4, 12, 13, 14, 22, 23, 24, 102, 103, 104, 112, 113, 114, 122, 123, 124]);
    expect([first, second].map((each) => Array.from(each?.payload.learning_rate ?? []))).toEqual([
      [0, 1, 5, 6],
      [2, 3, 4, 7, 8, 9],
    ]);
    expect(Array.from(second?.payload.step ?? [])).toEqual([2, 3, 4]);
  });

  it('takes unknown kinds and newer versions as they are', () => {
    const part = (kind: string, version: number) => ({
      kind,
      version,
      points: [{ step: 1, fields: { a: 1 }, arrays: { x: { data: Float32Array.of(1, 2) } } }],
    });
    const answer = decode(encode([part('of_tomorrow', 1), part('confusion_matrix', 99)]));
    expect(answer.points).toEqual({});
    expect(answer.raw.map((point) => [point.fields, Array.from(point.arrays.x?.data ?? [])])).toEqual([
      [{ a: 1 }, [1, 2]],
      [{ a: 1 }, [1, 2]],
    ]);
  });

  it('reads arrays that do not lie where their type wants them', () => {
    const buffer = container([['0/a', [1], Float64Array.of(1.5)]], {
      layerscope: '{"segments":[{"kind":"x","version":1,"points":[{"step":1,"wall_time":1}]}]}',
    });
    // One byte more of header, so that the data is no longer aligned.
    const shifted = new Uint8Array(buffer.byteLength + 1);
    const size = Number(new DataView(buffer).getBigUint64(0, true));
    new DataView(shifted.buffer).setBigUint64(0, BigInt(size + 1), true);
    shifted.set(new Uint8Array(buffer, 8, size), 8);
    shifted[8 + size] = 0x20;
    shifted.set(new Uint8Array(buffer, 8 + size), 9 + size);
    expect(Array.from(decode(shifted.buffer).raw[0]?.arrays.a?.data ?? [])).toEqual([1.5]);
  });

  it('tells the steps of all points where some were left out, and else none', () => {
    const told = (header: object) => decode(container([], { layerscope: JSON.stringify({ segments: [], problems: [], ...header }) })).steps;
    expect(told({ steps: [10, 20] })).toEqual([10, 20]);
    expect(told({})).toBeNull();
    expect(() => told({ steps: ['a'] })).toThrow('a step is not a number');
  });

  it('tells of problems, and who wrote last', () => {
    const answer = decode(
      encode(
        [
          {
            kind: 'x',
            points: [
              { step: 1, writer: 'a' },
              { step: 2, writer: 'b' },
            ],
          },
        ],
        [{ step: 3, error: 'garbled', fix: 'none' }],
      ),
    );
    expect(answer.problems).toEqual([{ step: 3, error: 'garbled', fix: 'none' }]);
    expect(answer.writer).toBe('b');
  });

  it.each<[string, ArrayBuffer]>([
    ['too few for a header', new ArrayBuffer(3)],
    ['header of', new Uint8Array([255, 255, 0, 0, 0, 0, 0, 0, 123]).buffer],
    ['not JSON', new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 123]).buffer],
    ['has no array row_end', encode([{ kind: 'confusion_matrix', points: [{ step: 1 }] }])],
    ['values for the shape', container([['0/a', [3], Int32Array.of(1)]], {})],
    [
      'does not say where',
      container([['0/a', [2], Int32Array.of(1, 2)]], {
        layerscope: '{"segments":[{"kind":"x","version":1,"points":[{"step":1,"wall_time":1},{"step":2,"wall_time":1}]}]}',
      }),
    ],
    [
      'ends at 9',
      container(
        [
          ['0/a', [2], Int32Array.of(1, 2)],
          ['0/a/end', [1], Int32Array.of(9)],
        ],
        { layerscope: '{"segments":[{"kind":"x","version":1,"points":[{"step":1,"wall_time":1}]}]}' },
      ),
    ],
  ])('refuses what is malformed: %s', (what, buffer) => {
    expect(() => decode(buffer)).toThrow(Malformed);
    expect(() => decode(buffer)).toThrow(what);
  });

  it('refuses any bytes or reads them, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(new Uint8Array(bytes).buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
  });
});

describe('decodeListing', () => {
  const series = {
    run: 'r',
    tag: 't',
    kind: 'scalars',
    version: 1,
    evaluation: null,
    name: 'loss',
    split: 'train',
    last_step: 3,
    last_wall_time: 4,
  };

  it('names the training of each series', () => {
    const listing = decodeListing({
      trainings: [{ name: 'a', runs: ['r'], evaluations: [], structure: null, series: [series] }],
      problems: [],
    });
    expect(listing.trainings[0]?.series[0]).toEqual({
      training: 'a',
      run: 'r',
      tag: 't',
      kind: 'scalars',
      version: 1,
      evaluation: null,
      name: 'loss',
      split: 'train',
      lastStep: 3,
      lastWallTime: 4,
    });
  });

  it.each([null, [], {}, { trainings: 1 }, { trainings: [{ series: [{}] }] }])('refuses %j', (json) => {
    expect(() => decodeListing(json)).toThrow(Malformed);
  });
});

it('knows a kind in this version and older ones', () => {
  expect([
    isKnown({ kind: 'scalars', version: 1 }),
    isKnown({ kind: 'scalars', version: 2 }),
    isKnown({ kind: 'toString', version: 1 }),
  ]).toEqual([true, false, false]);
});

it('takes the sentence of a failure from the server, or says its own', () => {
  const own = { error: 'own', fix: '' };
  expect(decodeProblem({ error: 'no run r', fix: 'see /runs' }, own)).toEqual({ error: 'no run r', fix: 'see /runs' });
  expect(decodeProblem('<html>', own)).toBe(own);
});

it('sorts series by kind, each kind there even when empty', () => {
  expect(seriesByKind([])).toMatchObject({ scalars: [], structure: [] });
});
