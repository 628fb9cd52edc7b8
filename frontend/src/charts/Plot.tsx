import { useLayoutEffect, useRef } from 'preact/hooks';
import { theme } from './colour';
import { drawLines, type Picture } from './lines';

/** uPlot's part of a chart. The picture is made anew when anything of it changes: what is drawn is at most five points a pixel. */
export function Plot({ lines, axis, scale, shown, width, height, labelled }: Picture) {
  const box = useRef<HTMLDivElement>(null);
  const [from, to] = shown;
  const shade = theme.value;
  useLayoutEffect(() => {
    if (box.current === null || shade === undefined) return undefined;
    return drawLines(box.current, { lines, axis, scale, shown: [from, to], width, height, labelled });
  }, [lines, axis, scale, from, to, width, height, labelled, shade]);
  return <div ref={box} aria-hidden="true" />;
}
