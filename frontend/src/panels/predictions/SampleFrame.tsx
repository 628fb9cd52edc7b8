import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Label } from '../../components/Label';
import { Failure } from '../../frame/Failure';
import type { Failing } from '../../source';
import { CopyIds } from './CopyIds';

/** Ids before and after a sample in the list it was opened from. */
export interface Beside {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

interface Props {
  readonly id: string;
  readonly beside: Beside;
  readonly onOpen: (id: string) => void;
  readonly onBack: () => void;
  readonly children: ComponentChildren;
}

/** What is around a sample in full: the way back to its list, the way to its neighbours, and its id. */
export function SampleFrame({ id, beside, onOpen, onBack, children }: Props) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = event.key === 'ArrowLeft' ? beside.before : event.key === 'ArrowRight' ? beside.after : undefined;
    if (event.key === 'Escape') onBack();
    else if (to !== undefined) onOpen(to);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section ref={box} class="ls-samples-details" aria-label={`sample ${id}`} tabIndex={-1} onKeyDown={onKeyDown}>
      <div class="ls-samples-bar">
        <button type="button" class="ls-button" onClick={onBack} title="Esc">
          ← back to the list
        </button>
        <button
          type="button"
          class="ls-button"
          disabled={beside.before === undefined}
          onClick={() => onOpen(beside.before ?? id)}
          aria-label="the one before it"
          title="←"
        >
          ‹
        </button>
        <button
          type="button"
          class="ls-button"
          disabled={beside.after === undefined}
          onClick={() => onOpen(beside.after ?? id)}
          aria-label="the next one"
          title="→"
        >
          ›
        </button>
      </div>
      <h2>
        <Label text={id} max={60} /> <CopyIds ids={[id]} what="id" />
      </h2>
      {children}
    </section>
  );
}

/** Why nothing is told of a sample: that there is no such, or what went wrong, and a way to try again. */
export function NotTold({ failed, retry }: { failed: Failing; retry: () => void }) {
  if (!failed.isMissing) return <Failure problem={failed.problem} request={failed.request} retry={retry} />;
  return (
    <div class="ls-failure" role="alert">
      <p>{failed.problem.error}</p>
      <p class="ls-soft">{failed.problem.fix}</p>
    </div>
  );
}
