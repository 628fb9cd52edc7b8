import { useEffect, useRef, useState } from 'preact/hooks';
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

/** Saves a picture, or its numbers. Esc, a press elsewhere and the focus going away close the menu. */
export function SaveMenu({ what, subject, formats }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [place, setPlace] = useState('');
  const close = () => {
    if (menu.current !== null) menu.current.open = false;
  };
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
  useEffect(() => {
    const away = (event: Event) => {
      if (event.target instanceof Node && menu.current?.contains(event.target) === false) close();
    };
    window.addEventListener('pointerdown', away);
    window.addEventListener('focusin', away);
    return () => {
      window.removeEventListener('pointerdown', away);
      window.removeEventListener('focusin', away);
    };
  }, []);
  return (
    <details
      class={`ls-save ${place}`}
      ref={menu}
      data-unsaved
      onToggle={toggled}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || menu.current?.open !== true) return;
        event.preventDefault();
        close();
        menu.current.querySelector('summary')?.focus();
      }}
    >
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
