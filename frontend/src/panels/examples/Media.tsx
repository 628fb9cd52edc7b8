import { useState } from 'preact/hooks';
import { visible } from '../../math/ellipsis';
import { exact, number } from '../../math/format';
import './media.css';
import type { Fetched } from './use_examples';

interface Props {
  readonly example: Fetched;
  /** What is read out of a picture; empty where it is said beside it. */
  readonly alt?: string;
  /** Side of the square that a picture fills, in CSS pixels. */
  readonly size: number;
  /** Whether texts and features are cut off where there is no more room. */
  readonly short?: boolean;
}

/** An example: a picture in its own colours, a text as text, features by name. */
export function Media({ example, alt = '', size, short = false }: Props) {
  if (example === undefined) return <span class="ls-media ls-media-waiting" style={{ width: `${size}px`, height: `${size}px` }} />;
  if (example === 'failed') return <span class="ls-media ls-soft">not loaded</span>;
  if (example.what === 'text') {
    return (
      <span class={`ls-media ls-media-text${short ? ' ls-media-short' : ''}`} dir="auto">
        {example.text === '' ? <i>(empty text)</i> : example.text}
      </span>
    );
  }
  if (example.what === 'image') return <Image key={example.url} url={example.url} alt={alt} size={size} />;
  return (
    <span class={`ls-media ls-media-features${short ? ' ls-media-short' : ''}`}>
      {example.features.map(({ name, value }, i) => (
        <span key={i} title={`${name} ${exact(value)}`}>
          <bdi class="ls-soft">{visible(name)}</bdi> {number(value)}
        </span>
      ))}
      {short || !example.features.every(({ name }, i) => name === String(i)) ? null : (
        <span class="ls-soft ls-media-hint">
          <code>feature_names=[…]</code> gives them names
        </span>
      )}
    </span>
  );
}

/** Few pixels stay pixels: what is enlarged is not blurred. */
function Image({ url, alt, size }: { url: string; alt: string; size: number }) {
  const [state, setState] = useState<'' | 'ls-media-pixels' | 'broken'>('');
  if (state === 'broken') return <span class="ls-media ls-soft">no picture that this browser can show</span>;
  return (
    <img
      class={`ls-media ls-media-image ${state}`}
      src={url}
      alt={alt}
      width={size}
      height={size}
      draggable={false}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
        if (Math.max(naturalWidth, naturalHeight) < size / 1.5) setState('ls-media-pixels');
      }}
      onError={() => setState('broken')}
    />
  );
}
