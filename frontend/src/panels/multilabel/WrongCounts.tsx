import { Term } from '../../components/Term';
import { count, inFull, percent } from '../../math/format';
import type { Multilabel } from '../../schema.gen';

const WIDTH = 280;
const HEIGHT = 132;
const LEFT = 10;
const BOTTOM = 30;
const TOP = 16;
/** Numbers of wrong labels that have a bar of their own. */
const MOST = 12;

/** How many samples have how many labels wrong. */
export function WrongCounts({ payload }: { payload: Multilabel }) {
  const all = Array.from(payload.wrong_count);
  const bars = all.length <= MOST ? all : [...all.slice(0, MOST - 1), all.slice(MOST - 1).reduce((a, b) => a + b, 0)];
  const total = all.reduce((a, b) => a + b, 0);
  const top = Math.max(1, ...bars);
  const room = (WIDTH - LEFT) / Math.max(1, bars.length);
  const name = (i: number) => (i === bars.length - 1 && all.length > MOST ? `${i}+` : String(i));
  return (
    <section class="ls-multilabel-card" data-picture="wrong" aria-label="wrong labels of a sample">
      <h3>
        <Term name="wrong labels">wrong labels</Term> <span class="ls-soft">of a sample</span>
      </h3>
      <svg
        width={WIDTH}
        height={HEIGHT}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label="samples by how many of their labels are wrong"
      >
        {bars.map((n, i) => {
          const height = n === 0 ? 0 : Math.max(1, ((HEIGHT - BOTTOM - TOP) * n) / top);
          return (
            <g key={name(i)}>
              <title>{`${inFull(n)} samples, ${percent(n / Math.max(1, total))}, with ${name(i)} wrong`}</title>
              <rect
                class={i === 0 ? 'ls-multilabel-right' : 'ls-multilabel-count'}
                x={LEFT + i * room + 2}
                y={HEIGHT - BOTTOM - height}
                width={Math.max(1, room - 4)}
                height={height}
              />
              {n === 0 || room < 24 ? null : (
                <text x={LEFT + (i + 0.5) * room} y={HEIGHT - BOTTOM - height - 4} text-anchor="middle">
                  {count(n)}
                </text>
              )}
              <text x={LEFT + (i + 0.5) * room} y={HEIGHT - BOTTOM + 13} text-anchor="middle">
                {name(i)}
              </text>
            </g>
          );
        })}
        <text x={LEFT + (WIDTH - LEFT) / 2} y={HEIGHT - 3} text-anchor="middle">
          labels wrong
        </text>
      </svg>
      <table class="ls-hidden" data-testid="wrong-counts">
        <caption>samples by how many of their labels are wrong</caption>
        <tbody>
          {all.map((n, i) => (
            <tr key={i}>
              <th scope="row">{i}</th>
              <td>{n}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
