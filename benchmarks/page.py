"""A page of TensorBoard, and how long it takes until something is on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

# Both pages are of one origin, so that one program sees into either. A thing is there once the frame that has it was presented.
_PROGRAM = """
const frame = () => document.querySelector('iframe')?.contentDocument ?? document;
const presented = () => new Promise(resolve => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => resolve();
  channel.port2.postMessage(null);
}));
window.benchmark = {
  frame,
  /** Seconds from `act()` until `isThere()` holds and was presented. */
  async until(act, isThere) {
    const begin = performance.now();
    act();
    while (!isThere()) {
      if (performance.now() - begin > 60000) throw new Error(`waited a minute for ${isThere}`);
      await new Promise(resolve => requestAnimationFrame(resolve));
    }
    await presented();
    return (performance.now() - begin) / 1000;
  },
  tab(plugin) { return document.querySelector(`[role=tab] [data-plugin-id=${plugin}]`); },
  radio(label) { return [...frame().querySelectorAll('label')].find(each => each.textContent.trim() === label).querySelector('input'); },
  option(label) { return [...frame().querySelectorAll('option')].find(each => each.textContent.trim() === label); },
  choose(label) {
    const option = this.option(label), list = option.parentElement;
    list.value = option.value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
  },
};
"""


@contextmanager
def opened(browser: Browser, address: str, tabs: Sequence[str] = ("layerscope", "timeseries")) -> Iterator[Page]:
    """A page in a context of its own, whose caches are empty, after it has loaded, has these tabs and has come to rest."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        context.add_init_script(_PROGRAM)
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.goto(address)
        page.wait_for_function(" && ".join(f"benchmark.tab('{tab}') !== null" for tab in tabs))
        page.wait_for_load_state("networkidle")
        yield page
    finally:
        context.close()


def seconds_until(page: Page, act: str, is_there: str) -> float:
    """Seconds from an act to a thing that was presented; both are JavaScript expressions."""
    taken: float = page.evaluate(f"benchmark.until(() => {{ {act} }}, () => {is_there})")
    return taken


def work_of(page: Page, act: str, times: int) -> Sequence[float]:
    """Seconds that the page's one thread was busy with each of several acts, one to a frame: programs, styles, layout and painting.

    Args:
        page: Where.
        act: JavaScript statements; `i` counts the acts.
        times: How many.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    busy = []
    for i in range(times):
        before = _busy(session)
        page.evaluate(f"new Promise(resolve => requestAnimationFrame(() => {{ const i = {i}; {act}; resolve(); }}))")
        page.evaluate("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        busy.append(_busy(session) - before)
    session.detach()
    return busy


def _busy(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))
