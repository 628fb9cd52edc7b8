import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { act } from '../../frame/keys';
import { plural } from '../../math/format';
import { exampleShape } from '../../math/shapes';
import type { Model } from '../../math/tree';
import { found } from './search';

interface Props {
  readonly model: Model;
  readonly onSelect: (path: string) => void;
}

/** As many are listed: who sees more than that types one letter more. */
const LISTED = 12;

/** Finds a layer: the list below the field is of what fits, Enter chooses. The key / goes here while the model is shown. */
export function Search({ model, onSelect }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [cursor, setCursor] = useState(0);
  useEffect(() => {
    const press = (event: KeyboardEvent) => act(event, { filter: () => field.current?.focus() });
    // Before the page's own keys.
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, []);
  const all = isOpen ? found(model, query) : [];
  const listed = all.slice(0, LISTED).flatMap((index) => model.layers[index] ?? []);
  const choose = (path: string | undefined) => {
    if (path === undefined) return;
    setOpen(false);
    onSelect(path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && listed.length > 0) {
      event.preventDefault();
      setCursor((cursor + step + listed.length) % listed.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(listed[cursor]?.path);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (query === '') field.current?.blur();
      setQuery('');
      setOpen(false);
    }
  };
  const isListed = isOpen && query.trim() !== '';
  return (
    <span class="ls-structure-search">
      <input
        ref={field}
        type="text"
        role="combobox"
        placeholder="find a layer"
        aria-label="find a layer by name, class:, shape: or > and < so many parameters"
        aria-keyshortcuts="/"
        aria-expanded={isListed}
        aria-controls={id}
        aria-activedescendant={isListed && listed.length > 0 ? `${id}-${cursor}` : undefined}
        autocomplete="off"
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setCursor(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <span class="ls-structure-found" hidden={!isListed}>
        <span role="listbox" id={id} aria-label="layers found">
          {listed.map((layer, k) => (
            // biome-ignore lint/a11y/useFocusableInteractive: as above.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's.
            <span
              key={layer.path}
              id={`${id}-${k}`}
              role="option"
              aria-selected={k === cursor}
              class={k === cursor ? 'ls-on' : ''}
              // The field keeps the focus, so that a press is a click.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(layer.path)}
            >
              <Label text={layer.path} max={44} />
              <span class="ls-soft">
                {layer.class}
                {layer.outputs[0] === undefined ? '' : ` · ${exampleShape(layer.outputs[0].shape)}`}
              </span>
            </span>
          ))}
        </span>
        <span class="ls-soft" role="status">
          {all.length > listed.length
            ? `${plural(all.length, 'layer')}, the best ${listed.length} listed`
            : all.length === 0
              ? 'no layer'
              : ''}
        </span>
      </span>
    </span>
  );
}
