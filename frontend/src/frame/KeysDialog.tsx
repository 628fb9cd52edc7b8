import { useEffect, useRef } from 'preact/hooks';
import { terms } from '../help';
import './dialog.css';

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['1', '2', '3'], 'show Model, Training or Predictions'],
  [['[', ']'], 'go to the logged step before or after this one'],
  [['/'], 'go to the filter above the list of trainings; in Model, to the search of layers; in Predictions, to that of classes'],
  [['?'], 'show these keys and words'],
  [['← ↑ → ↓'], 'move the cursor in a list, a table or a picture'],
  [['Enter'], 'choose what the cursor is on: a training, a cell, a layer; a block of layers opens'],
  [['Esc'], 'go back out: let the choice go, close the block around the cursor'],
  [['Page ↑ ↓'], 'move the cursor by ten rows, the step by ten logged ones'],
  [['Home', 'End'], 'go to the first or last cell of the row, to the first or last step'],
  [['Space'], 'in the heat map of layers: unfold the row, or fold it'],
  [['+', '−', '0'], 'in the confusion matrix and in the heat map of layers: zoom in, zoom out, see the whole'],
  [['Ctrl wheel', 'Shift wheel'], 'zoom a picture where the mouse is, move along it'],
  [['p'], 'in the model: show the way to the chosen layer and from it alone, or all again'],
  [['Shift ← →'], 'in the model: show another copy of an open block of equal ones'],
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
