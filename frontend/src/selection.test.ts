import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOurs, NOTHING_SELECTED, readSelection, type Selection, writeSelection } from './selection';

const name = fc.string({ unit: 'grapheme', minLength: 1 });
const selection: fc.Arbitrary<Selection> = fc.record({
  view: fc.constantFrom('model', 'training', 'predictions'),
  trainings: fc.array(name),
  reference: fc.option(name),
  evaluation: fc.option(name),
  step: fc.option(fc.nat()),
  layer: fc.option(name),
  classes: fc.array(fc.nat(), { maxLength: 2 }),
  sample: fc.option(name),
  threshold: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)),
  options: fc.dictionary(fc.stringMatching(/^[a-z]+\.[a-z]+$/), name),
});

describe('the selection in the URL', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(selection, (chosen) => {
        expect(readSelection(writeSelection('#layerscope', chosen))).toEqual(chosen);
      }),
    );
  });

  it('is in the form TensorBoard gives a plugin’s state', () => {
    const chosen: Selection = {
      ...NOTHING_SELECTED,
      view: 'training',
      trainings: ['a/b', 'c,d'],
      step: 600,
      options: { 'confusion_matrix.order': 'size' },
    };
    expect(writeSelection('', chosen)).toBe(
      '#layerscope&p.layerscope.view=training&p.layerscope.trainings=a%252Fb%2Cc%252Cd&p.layerscope.step=600&p.layerscope.o.confusion_matrix.order=size',
    );
    expect(writeSelection('', NOTHING_SELECTED)).toBe('#layerscope');
  });

  it('leaves what is not ours where it was', () => {
    const hash = writeSelection('#layerscope&p.other.x=1&_smoothing=0.6&p.layerscope.step=3', { ...NOTHING_SELECTED, step: 4 });
    expect(hash).toBe('#layerscope&p.other.x=1&_smoothing=0.6&p.layerscope.step=4');
  });

  it('reads anything, and what makes no sense as nothing selected', () => {
    fc.assert(fc.property(fc.string(), (garbage) => void readSelection(garbage)));
    expect(
      readSelection(
        '#layerscope&p.layerscope.view=sideways&p.layerscope.step=-1&p.layerscope.classes=a,2,&p.layerscope.threshold=x&p.layerscope.layer=%',
      ),
    ).toEqual({
      ...NOTHING_SELECTED,
      classes: [2],
      layer: '',
    });
  });

  it('is ours on our tab and on TensorBoard’s first one only', () => {
    expect(['', '#', '#layerscope', '#layerscope&p.layerscope.step=1', '#scalars', '#layerscopes'].map(isOurs)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
