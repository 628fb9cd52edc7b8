import type { ComponentChildren, ComponentProps } from 'preact';
import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import type { Estimate } from '../../math/curve';
import { between } from '../../math/format';
import type { Overlay } from './overlays';
import { Plane, square } from './Plane';
import { whole } from './words';

interface Props {
  readonly id: string;
  /** A term with a sentence of help. */
  readonly title: string;
  /** What it is of, where that is not plain. */
  readonly of?: string;
  readonly children: ComponentChildren;
}

/** One picture with its title, and its numbers between them. */
export function Card({ id, title, of = '', children }: Props) {
  return (
    <section class="ls-curves-card" data-picture={id} aria-label={of === '' ? title : `${title}, ${of}`}>
      <h3>
        <Term name={title}>{title}</Term>
        {of === '' ? null : <span class="ls-soft"> · {of}</span>}
      </h3>
      {children}
    </section>
  );
}

interface PictureProps extends Omit<ComponentProps<typeof Plane>, 'height'> {
  readonly id: string;
  /** A term with a sentence of help. */
  readonly title: string;
  /** What it is of, where that is not plain. */
  readonly of?: string;
  /** Its numbers, above it. */
  readonly figure: ComponentChildren;
  /** How to read it, below it. */
  readonly note?: ComponentChildren;
}

/** A picture whose inside is square, between its numbers and how to read it. */
export function Picture({ id, title, of, figure, note, ...plane }: PictureProps) {
  return (
    <Card id={id} title={title} {...(of === undefined ? {} : { of })}>
      {figure}
      <Plane {...plane} height={square(plane.width)} />
      {note === undefined ? null : <p class="ls-curves-note">{note}</p>}
    </Card>
  );
}

interface FigureProps {
  readonly name: string;
  readonly overlays: readonly Overlay[];
  readonly of: (overlay: Overlay) => Estimate | undefined;
  readonly write: (x: number | undefined) => string;
  /** Behind the number: what it has to be compared with. */
  readonly more?: (overlay: Overlay) => ComponentChildren;
  /** Whether a missing interval is spoken of. */
  readonly isEstimated?: boolean;
}

/** Letters of what is compared with, beside its number. */
const LETTERS = 14;

/** A number of each evaluation, the one in focus first, with its interval. */
export function Figure({ name, overlays, of, write, more, isEstimated = true }: FigureProps) {
  return (
    <p class="ls-curves-figure">
      {overlays.map((overlay, k) => {
        const estimate = of(overlay);
        if (estimate === undefined) return null;
        return (
          <span key={overlay.name} data-measure={name} data-of={k === 0 ? 'focus' : overlay.name}>
            {overlays.length > 1 ? <Swatch overlay={overlay} /> : null}
            {k === 0 ? (
              <Term name={name}>{name}</Term>
            ) : (
              <>
                <span class="ls-hidden">{name} </span>
                <Label text={overlay.name} max={LETTERS} />
              </>
            )}{' '}
            <b title={whole(estimate)}>{write(estimate.value)}</b>{' '}
            {estimate.range === undefined ? (
              isEstimated && estimate.value !== undefined ? (
                <small>
                  <Term name="no interval">no interval</Term>
                </small>
              ) : null
            ) : (
              <small title="95 % interval">{between(estimate.range, write)}</small>
            )}
            {more?.(overlay)}
          </span>
        );
      })}
    </p>
  );
}

/** A piece of an evaluation's line. */
export function Swatch({ overlay }: { overlay: Overlay }) {
  return (
    <svg class="ls-curves-swatch" width="16" height="8" viewBox="0 0 16 8" aria-hidden="true">
      <line x1="0" x2="16" y1="4" y2="4" stroke={overlay.colour} stroke-width="2" stroke-dasharray={overlay.dashed ? '4 3' : undefined} />
    </svg>
  );
}
