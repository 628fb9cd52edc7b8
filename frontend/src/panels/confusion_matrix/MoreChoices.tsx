import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Segmented } from '../../components/Segmented';
import { useMenu } from '../../components/use_menu';
import { oneOf } from '../../frame/options';
import { type Change, type Choices, CREDITS, GROUPING, LEAST_ORDERED } from './choices';

interface Props {
  readonly choices: Choices;
  /** How many there are. */
  readonly classes: number;
  /** Whether a hierarchy was logged with the classes. */
  readonly given: boolean;
  /** How many classes there are, where it is known which came first for each sample; else undefined. */
  readonly ranked: number | undefined;
  readonly onChange: (change: Change) => void;
}

const SHOWN = [
  { value: 'errors', label: 'errors only', help: 'Colours span the errors; correct predictions are grey.' },
  { value: 'all', label: 'all', help: 'Correct predictions share the colours of errors.' },
] as const;

const SCALES = [
  { value: 'linear', label: 'linear', help: 'Colours go along the values.' },
  { value: 'log', label: 'log', help: 'Colours go along the logarithms of the values: small ones are told apart too.' },
] as const;

const AXES = [
  { value: 'plain', label: 'true down', help: 'A row for each true class, a column for each predicted one.' },
  { value: 'transposed', label: 'transposed', help: 'True classes across, predicted ones down.' },
] as const;

/** Room that the choices take, in CSS pixels. */
const ROOM = 320;

/** What is chosen once in a while, behind a button that names what differs from the usual. */
export function MoreChoices({ choices, classes, given, ranked, onChange }: Props) {
  const { menu, onKeyDown } = useMenu();
  const [isLeft, setLeft] = useState(false);
  const credits = CREDITS.filter((k) => k === choices.credit || (ranked !== undefined && k < ranked)).map((k) => ({
    value: String(k),
    label: `top ${k}`,
    help:
      k === 1
        ? 'The class with the highest score is right or wrong.'
        : `Right where the truth is among the ${k} classes with the highest scores.`,
  }));
  const hasScale = choices.by !== 'lift' && choices.against === 'nothing';
  const unusual = [
    ...(choices.shown === 'all' ? ['all coloured'] : []),
    ...(choices.scale === 'log' && hasScale ? ['log'] : []),
    ...(choices.transposed ? ['transposed'] : []),
    ...(choices.credit > 1 ? [`top ${choices.credit}`] : []),
    ...(choices.grouping === 'none' ? [] : ['grouped']),
  ];
  return (
    <details
      class={`ls-confusion-choices ${isLeft ? 'ls-confusion-choices-left' : ''}`}
      ref={menu}
      onKeyDown={onKeyDown}
      onToggle={() => setLeft((menu.current?.getBoundingClientRect().left ?? 0) + ROOM > window.innerWidth)}
    >
      <summary class={unusual.length > 0 ? 'ls-on' : undefined}>{unusual.length > 0 ? unusual.join(', ') : 'options'}</summary>
      <div>
        {classes < LEAST_ORDERED && choices.grouping === 'none' ? null : (
          <Choice name="groups">
            <select
              aria-label="groups of classes"
              value={choices.grouping}
              onChange={(event) => onChange({ groups: oneOf(GROUPING, event.currentTarget.value), open: undefined })}
            >
              <option value="none">no groups</option>
              {given || choices.grouping === 'given' ? <option value="given">groups as logged</option> : null}
              <option value="found">groups by confusion</option>
            </select>
          </Choice>
        )}
        <Choice name="colours">
          <Segmented label="colours" options={SHOWN} value={choices.shown} onChange={(shown) => onChange({ shown })} />
        </Choice>
        {hasScale ? (
          <Choice name="scale">
            <Segmented label="scale of the colours" options={SCALES} value={choices.scale} onChange={(scale) => onChange({ scale })} />
          </Choice>
        ) : null}
        <Choice name="axes">
          <Segmented
            label="axes"
            options={AXES}
            value={choices.transposed ? 'transposed' : 'plain'}
            onChange={(axes) => onChange({ axes: axes === 'plain' ? undefined : axes })}
          />
        </Choice>
        {credits.length < 2 ? null : (
          <Choice name="right if in">
            <Segmented
              label="what counts as right"
              options={credits}
              value={String(choices.credit)}
              onChange={(credit) => onChange({ credit: credit === '1' ? undefined : credit })}
            />
          </Choice>
        )}
      </div>
    </details>
  );
}

function Choice({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <span aria-hidden="true">{name}</span>
      {children}
    </>
  );
}
