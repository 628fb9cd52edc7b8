import { useState } from 'preact/hooks';
import { announce } from '../live';
import { copyText } from './CopyCode';
import { type Format, fileName, type Subject, save } from './download';
import { useMenu } from './use_menu';

interface Props {
  /** What is saved, for those who hear it and in the file's name: `loss`, `the matrix`. */
  readonly what: string;
  readonly subject: Subject;
  readonly formats: readonly Format[];
}

/** Room that the open menu takes, in CSS pixels. */
const ROOM = 150;

/** Saves a picture, or its numbers. */
export function SaveMenu({ what, subject, formats }: Props) {
  const { menu, close, onKeyDown } = useMenu();
  const [place, setPlace] = useState('');
  const as = async ({ label, make }: Format) => {
    close();
    const content = await make();
    if (content === null) announce(`${what}: this browser cannot make the ${label}`);
    else if (label === 'copy')
      announce((await copyText(await content.text())) ? `${what}: copied` : `${what}: this browser does not let a page copy here`);
    else save(content, fileName(what, subject, label.toLowerCase()));
  };
  const toggled = () => {
    if (menu.current === null || !menu.current.open) return;
    // Where there is room: the menu must not be cut off by the window.
    const { left, bottom } = menu.current.getBoundingClientRect();
    setPlace(`${bottom + ROOM > window.innerHeight ? 'ls-save-above' : ''} ${left > window.innerWidth / 2 ? 'ls-save-left' : ''}`);
  };
  return (
    <details class={`ls-save ${place}`} ref={menu} data-unsaved onToggle={toggled} onKeyDown={onKeyDown}>
      <summary aria-label={`save ${what}`} title={`save ${what}`}>
        save
      </summary>
      <div>
        {formats.map((format) => (
          <button
            key={format.label}
            type="button"
            disabled={format.refusal !== undefined}
            title={format.label === 'copy' ? 'as a table, to paste into a spreadsheet' : undefined}
            onClick={() => void as(format)}
          >
            {format.label}
            {format.refusal === undefined ? null : <small> {format.refusal}</small>}
          </button>
        ))}
      </div>
    </details>
  );
}
