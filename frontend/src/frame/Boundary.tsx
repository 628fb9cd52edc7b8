import { Component, type ComponentChildren } from 'preact';
import { Failure } from './Failure';

/** One panel's failure stays its own: the others go on. A new `what` tries again. */
export class Boundary extends Component<
  { readonly what: string; readonly children: ComponentChildren },
  { readonly error: string | null }
> {
  override state = { error: null };

  static override getDerivedStateFromError(error: unknown): { error: string } {
    return { error: error instanceof Error ? error.message : String(error) };
  }

  override componentDidUpdate(before: { readonly what: string }): void {
    if (before.what !== this.props.what && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Failure
        problem={{
          error: `This panel cannot draw what it was given: ${this.state.error}`,
          fix: 'That is a fault of Layerscope; the other panels go on.',
        }}
        request=""
        retry={() => this.setState({ error: null })}
      />
    );
  }
}
