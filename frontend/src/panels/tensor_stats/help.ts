import type { Terms } from '../../help';

export const terms = {
  'update size':
    'How far one step of the optimizer moved the weights, against their size: ‖after − before‖ / ‖before‖. About a thousandth is usual; a tenth shakes a layer, a millionth leaves it as it is.',
  'gradient norm':
    'The length of the gradient of all of a layer’s values, ‖g‖₂, as handed to the optimizer: before clipping, without loss scaling.',
  'gradient RMS':
    'The usual size of one value of the gradient: the root of the mean of its squares. Unlike a norm it does not grow with the layer.',
  'gradient / weight': 'The gradient’s norm against the weights’: ‖g‖ / ‖w‖.',
  'weight norm': 'The length of all of a layer’s weights, ‖w‖₂, before the step.',
  'not finite':
    'Where values of weights, gradients or updates are NaN or infinite. The share is that of weights and gradients: those of updates are not counted.',
  'update norm': 'The length of what one step added to a layer’s weights, ‖after − before‖₂, as another tool logged it.',
  'gradient mean': 'The mean of a parameter’s gradient, as another tool logged it; of several parameters together nothing tells it.',
  'gradient deviation': 'The standard deviation of a parameter’s gradient, as another tool logged it.',
  'gradient least': 'The least value of the gradient, as another tool logged it.',
  'gradient greatest': 'The greatest value of the gradient, as another tool logged it.',
  'weight mean': 'The mean of a parameter’s weights, as another tool logged it; of several parameters together nothing tells it.',
  'weight deviation': 'The standard deviation of a parameter’s weights, as another tool logged it.',
  'weight least': 'The least of the weights, as another tool logged it.',
  'weight greatest': 'The greatest of the weights, as another tool logged it.',
  kernels: 'Arrays of two axes or more. Biases and the scales of norms have one; they start at 0 or 1, and their ratios say little.',
} satisfies Terms;
