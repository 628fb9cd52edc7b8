/** The tab on TensorBoard's server. */
import { render as draw, h } from 'preact';
import { App } from './app';
import { borrowFonts, followTheme, hostWindow, onReload, takeKeys, UrlSelection } from './frame/host';
import { makePage } from './frame/page';
import { Server } from './source';
import './theme.css';

export function start(): void {
  const host = hostWindow();
  document.documentElement.lang = 'en';
  document.title = 'Layerscope';
  followTheme(host);
  borrowFonts(host);
  const page = makePage(new Server('./'), new UrlSelection(host));
  onReload(page.poll.now);
  page.poll.start();
  draw(h(App, { page }), document.body);
  takeKeys(host);
}
