import { Label } from '../components/Label';
import type { LogProblem } from '../decode';
import { plural } from '../math/format';

/** Records that did not reach the screen: one quiet line, and all of them when asked. */
export function Problems({ problems }: { problems: readonly LogProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <details class="ls-problems">
      <summary>{plural(problems.length, 'record')} could not be read</summary>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.run}\n${problem.tag}\n${problem.error}`}>
            <Label text={[problem.run, problem.tag].filter((part) => part !== '').join(' · ')} max={60} />
            <br />
            {problem.error} <span class="ls-soft">{problem.fix}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
