import type { Problem } from '../panel';

/** What went wrong in the server's sentence, the request that failed, and a way to try again. */
export function Failure({ problem, request, retry }: { problem: Problem; request: string; retry: () => void }) {
  return (
    <div class="ls-failure" role="alert">
      <p>{problem.error}</p>
      {problem.fix === '' ? null : <p class="ls-soft">{problem.fix}</p>}
      {request === '' ? null : (
        <p class="ls-soft">
          <code>{request}</code>
        </p>
      )}
      <button type="button" class="ls-button" onClick={retry}>
        try again
      </button>
    </div>
  );
}
