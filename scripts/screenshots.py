"""`make screenshots`: the pictures of the README, of the demo's trainings in a real TensorBoard."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from scripts.browser import chromium
from scripts.processes import ROOT, tensorboard

IMAGES = ROOT / "docs" / "images"
DRAWN = {"model": "svg", "training": "canvas", "predictions": "[data-testid=confusion-matrix]"}
"""What is on the page once a view is drawn."""
UNFINISHED = ".ls-loading, [aria-busy=true], .ls-confusion-waiting"
"""What is on the page while something is to come."""
PICTURES = {
    "model": ("digits", "model", "light"),
    "training": ("digits", "training", "light"),
    "predictions": ("digits", "predictions", "light"),
    "predictions-dark": ("digits", "predictions", "dark"),
    "hundred-classes": ("digits-100", "predictions", "light"),
}


def main(logdir: Path | None = None) -> None:
    """Trains, unless given logs of the demo, and takes all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        if logdir is None:
            logdir = Path(folder)
            names = sorted({training for training, _, _ in PICTURES.values()})
            subprocess.run([sys.executable, "-m", "scripts.demo_trainings", folder, *names, "--fast"], cwd=ROOT, check=True)
        with tensorboard(logdir) as server, chromium() as browser:
            for name, (training, view, theme) in PICTURES.items():
                picture(browser, server.url, training, view, theme, IMAGES / f"{name}.png")
                print(f"docs/images/{name}.png", flush=True)


def picture(browser: Browser, address: str, training: str, view: str, theme: str, path: Path) -> None:
    """One view of one training, as a person with this theme sees it."""
    context = browser.new_context(viewport={"width": 1440, "height": 860}, device_scale_factor=2, color_scheme="dark" if theme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{address}/#layerscope&p.layerscope.trainings={training}&p.layerscope.view={view}")
    frame = page.frame_locator("iframe")
    frame.locator(f"main {DRAWN[view]}").first.wait_for(state="attached", timeout=60_000)
    expect(frame.locator(UNFINISHED)).to_have_count(0, timeout=60_000)
    for each in page.frames:
        each.evaluate("document.fonts.ready.then(() => null)")
    page.screenshot(path=str(path))
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
