import { useEffect, useRef } from 'preact/hooks';
import { terms } from '../help';

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['1', '2', '3'], 'Model, Training, Predictions'],
  [['[', ']'], 'the logged step before, after'],
  [['/'], 'filter the runs'],
  [['← ↑ → ↓'], 'move inside a list, a table, a picture'],
  [['Enter', 'Esc'], 'go into what the cursor is on, come back out'],
  [['?'], 'this page'],
];

/** All keys, and every term with its sentence. */
export function KeysDialog({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="ls-dialog" aria-labelledby="ls-keys" onClose={close}>
      {open ? (
        <>
          <header>
            <h2 id="ls-keys">Keys</h2>
            <button type="button" class="ls-button" onClick={close}>
              close
            </button>
          </header>
          <table>
            <tbody>
              {KEYS.map(([keys, does]) => (
                <tr key={does}>
                  <th scope="row">
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </th>
                  <td>{does}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <h2>Words</h2>
          <dl>
            {Object.entries(terms)
              .sort(([a], [b]) => a.localeCompare(b))
              .map(([name, sentence]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{sentence}</dd>
                </div>
              ))}
          </dl>
        </>
      ) : null}
    </dialog>
  );
}
