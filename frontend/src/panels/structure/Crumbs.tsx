import { Label } from '../../components/Label';
import type { Placed } from './picture';
import { title } from './words';

interface Props {
  readonly model: string;
  readonly placed: readonly Placed[];
  readonly current: Placed | undefined;
  readonly go: (placed: Placed) => void;
}

/** Where the cursor is: the open boxes around it, from the model in, and each is a way back. */
export function Crumbs({ model, placed, current, go }: Props) {
  const around: Placed[] = [];
  const byId = new Map(placed.map((each) => [each.box.id, each]));
  for (let at = byId.get(current?.scope ?? -1); at !== undefined; at = byId.get(at.scope)) around.unshift(at);
  return (
    <nav class="ls-structure-crumbs" aria-label="boxes around">
      <Label text={model} max={32} />
      {around.map((each) => (
        <span key={each.box.key}>
          {' › '}
          <button type="button" class="ls-structure-link" onClick={() => go(each)}>
            <Label text={title(each.box)} max={28} />
          </button>
        </span>
      ))}
      {current === undefined ? null : (
        <span>
          {' › '}
          <Label text={title(current.box)} max={28} />
        </span>
      )}
    </nav>
  );
}
