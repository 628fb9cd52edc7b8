import { signal } from '@preact/signals';
import { useId, useRef, useState } from 'preact/hooks';
import { announce } from '../live';

/** The framework chosen last, so that every snippet on the page is in the reader's own. */
const chosen = signal('Keras');

/** Code to paste, one tab a framework, with a button that copies it. */
export function CopyCode({ snippets }: { snippets: Readonly<Record<string, string>> }) {
  const id = useId();
  const names = Object.keys(snippets);
  const name = names.includes(chosen.value) ? chosen.value : (names[0] ?? '');
  const code = snippets[name] ?? '';
  const tabs = useRef<HTMLDivElement>(null);

  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const next = (names.indexOf(name) + by + names.length) % names.length;
    chosen.value = names[next] ?? name;
    tabs.current?.querySelectorAll('button')[next]?.focus();
  };

  return (
    <div class="ls-code">
      <div class="ls-code-bar">
        <div ref={tabs} role="tablist" aria-label="framework" onKeyDown={move}>
          {names.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              id={`${id}-${each}`}
              aria-selected={each === name}
              aria-controls={`${id}-code`}
              tabIndex={each === name ? 0 : -1}
              onClick={() => {
                chosen.value = each;
              }}
            >
              {each}
            </button>
          ))}
        </div>
        <CopyButton text={code} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, which the keyboard must be able to do. */}
      <pre id={`${id}-code`} role="tabpanel" aria-labelledby={`${id}-${name}`} tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}

/** Copies a text, and says whether it could. */
export function CopyButton({ text }: { text: string }) {
  const [state, setState] = useState<'copy' | 'copied' | 'press Ctrl-C'>('copy');
  const copy = async () => {
    const done = await copyText(text);
    setState(done ? 'copied' : 'press Ctrl-C');
    announce(done ? 'copied' : 'could not copy: select the code and press Ctrl-C');
    setTimeout(() => setState('copy'), 2000);
  };
  return (
    <button type="button" class="ls-button" onClick={copy}>
      {state}
    </button>
  );
}

/** Whether the text is on the clipboard; browsers refuse it on pages served without TLS from another host. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
