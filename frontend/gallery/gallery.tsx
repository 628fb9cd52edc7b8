/**
 * Every picture without a server: `npm run dev`, then /gallery/gallery.html. `?fixture=<panel>/<name>` draws one,
 * `&theme=dark` in the dark theme, `&bare` without this page's own bar (for screenshots).
 */
import { render, type VNode } from 'preact';
import '../src/theme.css';
import { type Theme, theme } from '../src/charts/colour';
import { TooltipLayer } from '../src/components/tooltip';
import './gallery.css';

type Fixtures = Readonly<Record<string, () => VNode>>;

const files = import.meta.glob<{ fixtures: Fixtures }>(['../src/panels/*/gallery.tsx', './fixtures/*.tsx'], { eager: true });
const fixtures: Fixtures = Object.fromEntries(
  Object.entries(files).flatMap(([path, file]) => {
    const group = path.split('/').at(-1) === 'gallery.tsx' ? path.split('/').at(-2) : path.split('/').at(-1)?.replace('.tsx', '');
    return Object.entries(file.fixtures).map(([name, draw]) => [`${group}/${name}`, draw]);
  }),
);

const query = new URLSearchParams(location.search);
const name = query.get('fixture') ?? '';

function use(which: Theme): void {
  theme.value = which;
  document.documentElement.dataset.theme = which;
}

function link(change: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(change)) next.set(key, value);
  return `?${next}`;
}

function Gallery() {
  const Fixture = fixtures[name];
  return (
    <div class="ls-gallery">
      {query.has('bare') ? null : (
        <nav>
          {Object.keys(fixtures).map((each) => (
            <a key={each} href={link({ fixture: each })} aria-current={each === name}>
              {each}
            </a>
          ))}
          <button type="button" class="ls-button" onClick={() => use(theme.value === 'dark' ? 'light' : 'dark')}>
            other theme
          </button>
        </nav>
      )}
      {/* The whole tab brings its own landmarks and tooltip. */}
      {name.startsWith('app/') ? (
        Fixture === undefined ? null : (
          <Fixture />
        )
      ) : (
        <>
          <main>{Fixture === undefined ? null : <Fixture />}</main>
          <TooltipLayer />
        </>
      )}
    </div>
  );
}

use(query.get('theme') === 'dark' ? 'dark' : 'light');
render(<Gallery />, document.body);
