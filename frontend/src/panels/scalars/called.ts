/** How a training is called on the page; the logdir itself has no name. */
export function called(training: string): string {
  return training === '.' ? '(log folder)' : training;
}

/** How a series is called: `learning_rate` is written as words. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}
