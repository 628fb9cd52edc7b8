/** Answers as the server makes them, for tests and for pages without a server. */
import type { Numbers } from './decode';

export interface Part {
  readonly kind: string;
  readonly version?: number;
  readonly known?: boolean;
  readonly points: readonly {
    readonly step: number;
    readonly writer?: string;
    readonly fields?: Readonly<Record<string, unknown>>;
    /** [array] flat, with the shape of what is behind its point axis. */
    readonly arrays?: Readonly<Record<string, { readonly data: Numbers; readonly row?: readonly number[] }>>;
  }[];
}

const DTYPES: Readonly<Record<string, string>> = {
  Float64Array: 'F64',
  Float32Array: 'F32',
  Int32Array: 'I32',
  Int16Array: 'I16',
  Int8Array: 'I8',
  Uint32Array: 'U32',
  Uint16Array: 'U16',
  Uint8Array: 'U8',
};

/** One uncompressed safetensors with these segments. */
export function encode(parts: readonly Part[], problems: readonly unknown[] = []): ArrayBuffer {
  const arrays: [name: string, shape: readonly number[], data: Numbers][] = [];
  parts.forEach(({ points }, i) => {
    for (const name of Object.keys(points[0]?.arrays ?? {})) {
      const own = points.flatMap((point) => point.arrays?.[name] ?? []);
      const row = own[0]?.row ?? [];
      const size = row.reduce((a, b) => a * b, 1);
      let length = 0;
      const ends = own.map(({ data }) => {
        length += data.length / size;
        return length;
      });
      arrays.push([`${i}/${name}`, [length, ...row], joined(own.map(({ data }) => data))]);
      arrays.push([`${i}/${name}/end`, [ends.length], Int32Array.from(ends)]);
    }
  });
  const segments = parts.map(({ kind, version = 1, known = true, points }) => ({
    kind,
    version,
    known,
    points: points.map(({ step, writer = 'w', fields = {} }, ordinal) => ({ step, wall_time: 1.7e9 + step, ordinal, writer, fields })),
  }));
  return container(arrays, { layerscope: JSON.stringify({ segments, problems }) });
}

/** A safetensors container, its header padded so that what follows is aligned. */
export function container(
  arrays: readonly (readonly [string, readonly number[], Numbers])[],
  metadata: Readonly<Record<string, string>>,
): ArrayBuffer {
  const aligned = [...arrays].sort(([, , a], [, , b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT);
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, shape, data] of aligned) {
    header[name] = { dtype: DTYPES[data.constructor.name], shape, data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const size = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + size + at).fill(0x20, 8, 8 + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true);
  bytes.set(json, 8);
  let offset = 8 + size;
  for (const [, , data] of aligned) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes.buffer;
}

function joined(parts: readonly Numbers[]): Numbers {
  const values = parts.flatMap((part) => Array.from(part));
  const first = parts[0];
  if (first instanceof Int32Array) return Int32Array.from(values);
  if (first instanceof Float32Array) return Float32Array.from(values);
  if (first instanceof Uint8Array) return Uint8Array.from(values);
  return Float64Array.from(values);
}
