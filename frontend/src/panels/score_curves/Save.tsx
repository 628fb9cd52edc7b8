import { csv, json, type Subject } from '../../components/download';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { asVectors } from '../../components/vectors';
import { curveNumbers, pointRows } from './download';
import type { Overlay } from './overlays';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly called: (of: number) => string;
  readonly subject: Subject;
  /** Where they are logged. */
  readonly series: { readonly run: string; readonly tag: string; readonly step: number };
  readonly title: string;
  /** What is on screen. */
  readonly shown: () => HTMLElement | null;
}

/** Saves the pictures as they are, or the points and numbers behind them. */
export function Save({ overlays, called, subject, series, title, shown }: Props) {
  return (
    <SaveMenu
      what="the curves"
      subject={subject}
      formats={[
        { label: 'CSV', make: () => csv(pointRows(overlays)) },
        { label: 'JSON', make: () => json({ ...series, evaluations: curveNumbers(overlays, called) }) },
        asPicture(shown, title),
        asVectors(shown, title),
      ]}
    />
  );
}
