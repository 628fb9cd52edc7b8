/** The numbers of curves as they are saved, whole. */
import type { Field } from '../../components/download';
import { type Curve, MACRO, MICRO } from '../../math/curve';
import type { Calibration } from '../../schema.gen';
import type { Overlay } from './overlays';

const HEAD = ['evaluation', 'point', 'threshold', 'false_positive_rate', 'recall', 'precision'] as const;

/** A row a point of each curve, under a row of names; what is not known is empty. */
export function pointRows(overlays: readonly Overlay[]): readonly (readonly Field[])[] {
  const rows = overlays.flatMap(({ name, curve }) => {
    if (curve === undefined) return [];
    const number = (x: number | undefined): Field => (x === undefined || Number.isNaN(x) ? undefined : x);
    return Array.from(curve.recall, (_, i): readonly Field[] => [
      name,
      i,
      number(curve.threshold[i]),
      number(curve.falsePositiveRate[i]),
      number(curve.recall[i]),
      number(curve.precision[i]),
    ]);
  });
  return [HEAD, ...rows];
}

/** The same with areas, intervals, band and histograms. */
export function curveNumbers(overlays: readonly Overlay[], called: (of: number) => string) {
  return overlays.map(({ name, curve, calibration }) => ({
    evaluation: name,
    curve:
      curve === undefined
        ? null
        : {
            ...areaOf(curve, called(curve.of)),
            binned: curve.binned,
            auc_bound: curve.bound,
            prevalence: curve.prevalence,
            points: pointsOf(curve),
            band: curve.band ?? null,
            scores: scoresOf(curve),
          },
    calibration: calibration === undefined ? null : calibrationOf(calibration),
  }));
}

function pointsOf({ threshold, falsePositiveRate, recall, precision }: Curve) {
  return { threshold, false_positive_rate: falsePositiveRate, recall, precision };
}

function scoresOf({ scores }: Curve) {
  return scores === undefined ? null : { positive: Array.from(scores.positive), negative: Array.from(scores.negative) };
}

function calibrationOf({ classes: _, kind: __, ...rest }: Calibration) {
  return rest;
}

/** What the table of classes says. */
export function areasOf(curves: readonly Curve[], labels: readonly string[]) {
  return curves.map((curve) => areaOf(curve, labels[curve.of] ?? String(curve.of)));
}

function areaOf({ undefined: why, positives, negatives, auc, ap }: Curve, name: string) {
  return {
    class: name,
    undefined: why,
    positives,
    negatives,
    auc: auc.value ?? null,
    auc_low: auc.range?.low ?? null,
    auc_high: auc.range?.high ?? null,
    ap: ap.value ?? null,
    ap_low: ap.range?.low ?? null,
    ap_high: ap.range?.high ?? null,
  };
}

export function areaRows(curves: readonly Curve[], labels: readonly string[]): readonly (readonly Field[])[] {
  const rows = areasOf(curves, labels);
  const head = ['class', 'undefined', 'positives', 'negatives', 'auc', 'auc_low', 'auc_high', 'ap', 'ap_low', 'ap_high'] as const;
  return [head, ...rows.map((row) => head.map((key): Field => row[key] ?? undefined))];
}

/** What a curve is of, in words. */
export function calledOf(of: number, labels: readonly string[], noun: 'class' | 'label' = 'class'): string {
  return of === MICRO ? 'pooled' : of === MACRO ? `mean of the ${noun === 'label' ? 'labels' : 'classes'}` : (labels[of] ?? String(of));
}
