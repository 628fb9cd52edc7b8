/**
 * Bytes and JSON from the server to typed values: the only place with casts. What does not have the promised form is an
 * error that names it; what is of an unknown kind comes as it is, for the generic panel.
 */
import type { Point, Problem, Series, SeriesInfo } from './panel';
import { type Json, KINDS, type Kind, type Payloads } from './schema.gen';

/** An array as it came: flat values, and the length of each axis. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

export type Numbers = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint32Array | Uint16Array | Uint8Array;

/** A record of a kind, or of a version, that this page does not know. */
export interface RawPoint {
  readonly step: number;
  readonly wallTime: number;
  readonly fields: Readonly<Record<string, Json>>;
  readonly arrays: Readonly<Record<string, NamedArray>>;
}

/** A record that was not readable, and where. */
export interface RecordProblem extends Problem {
  readonly step: number | null;
}

/** What `/points` and `/structure` answer. */
export interface Answer {
  /** Points of each known kind, in the order of the answer. */
  readonly points: { readonly [K in Kind]?: readonly Point<K>[] };
  /** Points of kinds and versions that are not known here. */
  readonly raw: readonly RawPoint[];
  readonly problems: readonly RecordProblem[];
  /** Who wrote the last point: a change of it is a restart. */
  readonly writer: string | null;
  /** Where points were left out for their size, the steps of all of them. */
  readonly steps: readonly number[] | null;
}

/** A training of the list. */
export interface Training {
  readonly name: string;
  readonly runs: readonly string[];
  readonly evaluations: readonly string[];
  /** What the layers are read from; null when nothing tells of them. */
  readonly structure: string | null;
  readonly series: readonly SeriesInfo[];
}

export interface Listing {
  readonly trainings: readonly Training[];
  readonly problems: readonly LogProblem[];
}

export interface LogProblem extends Problem {
  readonly run: string;
  readonly tag: string;
}

/** Bytes that are not what the server promises. */
export class Malformed extends Error {
  constructor(what: string) {
    super(`the answer is malformed: ${what}`);
    this.name = 'Malformed';
  }
}

interface Segment {
  readonly kind: string;
  readonly version: number;
  readonly known: boolean;
  readonly points: readonly {
    readonly step: number;
    readonly wall_time: number;
    readonly writer: string | null;
    readonly ordinal: number | null;
    readonly fields: Record<string, Json>;
  }[];
}

/** Reads one answer: a safetensors container with the metadata key `layerscope`. */
export function decode(buffer: ArrayBuffer): Answer {
  const { arrays, metadata } = readSafetensors(buffer);
  const header = asObject(parse(metadata.layerscope ?? '{}', 'metadata'), 'metadata');
  const points: Record<string, Point[]> = {};
  const raw: RawPoint[] = [];
  let writer: string | null = null;
  asList(header.segments ?? [], 'segments').forEach((each, i) => {
    const segment = readSegment(each);
    const own = arraysOf(arrays, `${i}/`);
    const declared = isKnown(segment) ? KINDS[segment.kind].arrays : {};
    const parts = segment.points.map((_, p) => partsOf(own, p, segment.points.length, (name) => declared[name]?.pointAxis ?? 0));
    segment.points.forEach((point, p) => {
      const { writer: by, ordinal } = point;
      const at = { step: point.step, wallTime: point.wall_time, ...(by && ordinal !== null ? { record: { writer: by, ordinal } } : {}) };
      const part = parts[p] ?? {};
      if (isKnown(segment)) {
        const list = points[segment.kind] ?? [];
        points[segment.kind] = list;
        list.push({ ...at, payload: payload(segment.kind, point.fields, part) });
      } else {
        raw.push({ step: point.step, wallTime: point.wall_time, fields: point.fields, arrays: part });
      }
      writer = point.writer;
    });
  });
  const problems = asList(header.problems ?? [], 'problems').map(readProblem);
  const steps = header.steps === undefined ? null : asList(header.steps, 'steps').map((step) => num(step, 'a step'));
  return { points: points as Answer['points'], raw, problems, writer, steps };
}

/** Reads what `/runs` answers. */
export function decodeListing(json: unknown): Listing {
  const listing = asObject(json, 'the list of trainings');
  return {
    trainings: asList(listing.trainings, 'trainings').map(readTraining),
    problems: asList(listing.problems ?? [], 'problems').map((each) => {
      const problem = asObject(each, 'a problem');
      return { run: text(problem.run), tag: text(problem.tag), error: text(problem.error), fix: text(problem.fix) };
    }),
  };
}

/** Reads what `/order` answers: class ids. */
export function decodeOrder(json: unknown): ConfusionOrder {
  const answer = asObject(json, 'the order of the classes');
  return {
    order: asList(answer.order, 'order').map((id) => num(id, 'a class id')),
    joins: asList(answer.joins ?? [], 'joins').map((height) => num(height, 'a join')),
    classes: text(answer.classes),
  };
}

/** Classes in order, those that are taken for each other together, and the tree behind it. */
export interface ConfusionOrder {
  /** Ids in the set of classes that is named by `classes`. */
  readonly order: readonly number[];
  /** Distance, from 0 to 1, at which neighbours i and i + 1 come into one group. */
  readonly joins: readonly number[];
  /** Digest of the `classes` record; empty where it is not told. */
  readonly classes: string;
}

/** The sentence of a failed answer; `fallback` when the body is not the server's. */
export function decodeProblem(json: unknown, fallback: Problem): Problem {
  if (!isObject(json) || typeof json.error !== 'string') return fallback;
  return { error: json.error, fix: text(json.fix) };
}

/** Whether a series can be drawn by its own panels: the kind is known, in this version or an older one. */
export function isKnown(series: {
  readonly kind: string;
  readonly version: number;
  readonly known?: boolean;
}): series is { kind: Kind; version: number } {
  return series.known !== false && Object.hasOwn(KINDS, series.kind) && series.version <= KINDS[series.kind as Kind].version;
}

/** Series of any kinds, sorted by kind: what a panel is given. */
export function seriesByKind(series: readonly (SeriesInfo & Omit<Series, 'kind'>)[]): { readonly [K in Kind]: readonly Series<K>[] } {
  const kinds = Object.keys(KINDS).map((kind) => [kind, series.filter((each) => each.kind === kind)]);
  return Object.fromEntries(kinds) as { [K in Kind]: readonly Series<K>[] };
}

function readTraining(json: unknown): Training {
  const training = asObject(json, 'a training');
  const name = text(training.name);
  return {
    name,
    runs: asList(training.runs, 'runs').map(text),
    evaluations: asList(training.evaluations ?? [], 'evaluations').map(text),
    structure: orNull(training.structure),
    series: asList(training.series, 'series').map((each) => {
      const series = asObject(each, 'a series');
      return {
        training: name,
        run: text(series.run),
        tag: text(series.tag),
        kind: text(series.kind),
        version: num(series.version ?? 1, 'version'),
        evaluation: orNull(series.evaluation),
        name: orNull(series.name),
        split: orNull(series.split),
        lastStep: num(series.last_step, 'last_step'),
        lastWallTime: num(series.last_wall_time, 'last_wall_time'),
      };
    }),
  };
}

function readSegment(json: unknown): Segment {
  const segment = asObject(json, 'a segment');
  return {
    kind: text(segment.kind),
    version: num(segment.version, 'version'),
    known: segment.known !== false,
    points: asList(segment.points, 'points').map((each) => {
      const point = asObject(each, 'a point');
      return {
        step: num(point.step, 'step'),
        wall_time: num(point.wall_time, 'wall_time'),
        writer: orNull(point.writer),
        ordinal: typeof point.ordinal === 'number' ? point.ordinal : null,
        fields: asObject(point.fields ?? {}, 'fields') as Record<string, Json>,
      };
    }),
  };
}

function readProblem(json: unknown): RecordProblem {
  const problem = asObject(json, 'a problem');
  return { step: typeof problem.step === 'number' ? problem.step : null, error: text(problem.error), fix: text(problem.fix) };
}

/** One point's payload: its JSON fields, the defaults of those that are absent, and its arrays in their declared types. */
function payload(kind: Kind, fields: Readonly<Record<string, Json>>, arrays: Readonly<Record<string, NamedArray>>): Payloads[Kind] {
  const declared = KINDS[kind];
  const typed = Object.entries(declared.arrays).map(([name, { dtype, optional }]) => {
    const array = arrays[name];
    if (array === undefined && !optional) throw new Malformed(`${kind} has no array ${name}`);
    return [name, array === undefined ? null : widened(array.data, dtype)];
  });
  return { ...declared.defaults, ...fields, ...Object.fromEntries(typed), kind } as unknown as Payloads[Kind];
}

/** An array in the type the page declares for it: `Ints` for integers, else as declared. */
function widened(data: Numbers, dtype: string): Numbers {
  if (dtype === 'int64') return data instanceof Int32Array || data instanceof Float64Array ? data : Int32Array.from(data);
  if (dtype === 'float64') return data instanceof Float64Array ? data : Float64Array.from(data);
  if (dtype === 'float32' || dtype === 'float16') return data instanceof Float32Array ? data : Float32Array.from(data);
  return data instanceof Uint8Array ? data : Uint8Array.from(data);
}

/** The arrays below a prefix, by their name without it. */
function arraysOf(arrays: ReadonlyMap<string, NamedArray>, prefix: string): ReadonlyMap<string, NamedArray> {
  return new Map([...arrays].filter(([name]) => name.startsWith(prefix)).map(([name, array]) => [name.slice(prefix.length), array]));
}

/** Point p's part of arrays that are joined along the point axis of each; `<name>/end` says where each part ends. */
function partsOf(
  arrays: ReadonlyMap<string, NamedArray>,
  p: number,
  points: number,
  axisOf: (name: string) => number,
): Record<string, NamedArray> {
  const parts: Record<string, NamedArray> = {};
  for (const [name, array] of arrays) {
    if (name.endsWith('/end') && arrays.has(name.slice(0, -4))) continue;
    const end = arrays.get(`${name}/end`)?.data;
    if (end === undefined) {
      if (points > 1) throw new Malformed(`${name} does not say where the parts of its ${points} points end`);
      parts[name] = array;
      continue;
    }
    const axis = axisOf(name);
    const from = p === 0 ? 0 : (end[p - 1] ?? 0);
    const to = end[p];
    if (to === undefined || to < from || to > (array.shape[axis] ?? 0)) throw new Malformed(`${name} ends at ${to} after ${from}`);
    parts[name] = sliced(array, axis, from, to);
  }
  return parts;
}

/** From `from` up to `to` along an axis: a view along the first one, else a copy. */
function sliced({ shape, data }: NamedArray, axis: number, from: number, to: number): NamedArray {
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const own = [...shape.slice(0, axis), to - from, ...shape.slice(axis + 1)];
  const row = (shape[axis] ?? 0) * inner;
  if (outer === 1 || to - from === shape[axis])
    return { shape: own, data: data.subarray(from * inner, from * inner + outer * (to - from) * inner) };
  const part = data.slice(0, outer * (to - from) * inner);
  for (let o = 0; o < outer; o++) part.set(data.subarray(o * row + from * inner, o * row + to * inner), o * (to - from) * inner);
  return { shape: own, data: part };
}

/** A safetensors container (huggingface/safetensors, "Format"): the length of a JSON header, the header, the data. */
function readSafetensors(buffer: ArrayBuffer): { arrays: ReadonlyMap<string, NamedArray>; metadata: Readonly<Record<string, string>> } {
  if (buffer.byteLength < 8) throw new Malformed(`${buffer.byteLength} bytes are too few for a header`);
  const size = Number(new DataView(buffer).getBigUint64(0, true));
  if (size > buffer.byteLength - 8) throw new Malformed(`a header of ${size} bytes in an answer of ${buffer.byteLength}`);
  const header = asObject(parse(new TextDecoder().decode(new Uint8Array(buffer, 8, size)), 'header'), 'header');
  const arrays = new Map<string, NamedArray>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets } = asObject(entry, name);
    const lengths = asList(shape, `${name}.shape`).map((length) => num(length, `${name}.shape`));
    const [begin = -1, end = -1] = asList(data_offsets, `${name}.data_offsets`).map((offset) => num(offset, `${name}.data_offsets`));
    if (begin < 0 || end < begin || 8 + size + end > buffer.byteLength) throw new Malformed(`${name} lies outside the answer`);
    const data = read(buffer, 8 + size + begin, end - begin, text(dtype), name);
    if (data.length !== lengths.reduce((a, b) => a * b, 1))
      throw new Malformed(`${name} has ${data.length} values for the shape [${lengths}]`);
    arrays.set(name, { shape: lengths, data });
  }
  return { arrays, metadata: asObject(header.__metadata__ ?? {}, '__metadata__') as Record<string, string> };
}

const VIEWS = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

function read(buffer: ArrayBuffer, offset: number, bytes: number, dtype: string, name: string): Numbers {
  if (!Object.hasOwn(VIEWS, dtype)) throw new Malformed(`${name} has the type ${dtype}`);
  const View = VIEWS[dtype as keyof typeof VIEWS];
  if (bytes % View.BYTES_PER_ELEMENT !== 0) throw new Malformed(`${name} has ${bytes} bytes of ${dtype}`);
  // A view where it is aligned, which safetensors' own writers see to; else a copy.
  const aligned = offset % View.BYTES_PER_ELEMENT === 0;
  return aligned ? new View(buffer, offset, bytes / View.BYTES_PER_ELEMENT) : new View(buffer.slice(offset, offset + bytes));
}

function parse(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Malformed(`${what} is not JSON`);
  }
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function asObject(json: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isObject(json)) throw new Malformed(`${what} is not an object`);
  return json;
}

function asList(json: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(json)) throw new Malformed(`${what} is not a list`);
  return json;
}

function num(json: unknown, what: string): number {
  if (typeof json !== 'number') throw new Malformed(`${what} is not a number`);
  return json;
}

function text(json: unknown): string {
  return typeof json === 'string' ? json : '';
}

function orNull(json: unknown): string | null {
  return typeof json === 'string' ? json : null;
}
