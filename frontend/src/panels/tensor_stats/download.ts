/** The numbers of heat maps as they are saved: of the stretch shown, whole. */
import type { Field } from '../../components/download';
import type { Domain } from '../../math/domain';
import { IS, type Measure } from '../../math/tensor_measures';
import { cellText, isFrozen } from '../../math/tensor_words';
import type { Heat } from './heat';

const HEAD = ['training', 'row', 'step', 'measure', 'value', 'state'] as const;

/** A row a cell, under a row of names. The value is empty where there is none; `state` says what stands there then. */
export function rows(heats: readonly Heat[], measure: string, of: Measure, shown: Domain): readonly (readonly Field[])[] {
  return [HEAD, ...heats.flatMap((heat) => cells(heat, measure, of, shown))];
}

/** The same by row. */
export function numbers(heats: readonly Heat[], measure: string, of: Measure, shown: Domain) {
  return {
    measure,
    trainings: heats.map((heat) => {
      const { series, tracks } = heat;
      const steps = within(heat.x, shown);
      const frozen = heat.rows.map(({ node }) => isFrozen(node, series.rows));
      return {
        training: series.training,
        step: steps.map((i) => series.step[i]),
        rows: heat.rows.map(({ node }, r) => {
          const track = tracks[r];
          return {
            row: node.path,
            value: steps.map((i) => {
              if (track === undefined) return null;
              return track.state[i] === IS.value ? track.value[i] : cellText(of, track, i, frozen[r] ?? false);
            }),
          };
        }),
      };
    }),
  };
}

function cells(heat: Heat, measure: string, of: Measure, shown: Domain): readonly (readonly Field[])[] {
  const { series, tracks } = heat;
  const steps = within(heat.x, shown);
  return heat.rows.flatMap(({ node }, r) => {
    const track = tracks[r];
    if (track === undefined) return [];
    const frozen = isFrozen(node, series.rows);
    return steps.map((i): readonly Field[] => {
      const isValue = track.state[i] === IS.value;
      const value = track.value[i];
      return [
        series.training,
        node.path,
        series.step[i],
        measure,
        isValue ? value : undefined,
        isValue ? 'value' : cellText(of, track, i, frozen),
      ];
    });
  });
}

function within(x: Float64Array, [from, to]: Domain): readonly number[] {
  return Array.from(x.keys()).filter((i) => (x[i] ?? Number.NaN) >= from && (x[i] ?? Number.NaN) <= to);
}
