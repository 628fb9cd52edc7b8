/** The tab on TensorBoard's server. */
import { h, render as draw } from 'preact';
import { App } from './app';
import { followTheme, hostWindow, onReload, UrlSelection } from './frame/host';
import { makePage } from './frame/page';
import { Server } from './source';
import './theme.css';

export function start(): void {
  const host = hostWindow();
  document.documentElement.lang = 'en';
  document.title = 'Layerscope';
  followTheme(host);
  const page = makePage(new Server('./'), new UrlSelection(host));
  onReload(page.poll.now);
  page.poll.start();
  draw(h(App, { page }), document.body);
}
