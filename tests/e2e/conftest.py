"""A real TensorBoard, on each of its loaders, and a real Chromium that accepts no console message and no failed request."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Frame, FrameLocator, Page, Response

from scripts.browser import chromium
from scripts.processes import ROOT, tensorboard
from tests.made_once import made_once

# TensorBoard's own bundle: said on every start, and asked for without the prefix of --path_prefix.
TENSORBOARDS_OWN = ("WARNING: Multiple instances of Three.js", "/font-roboto/")
OUTPUT = Path(__file__).parent / "output"
LOADERS = {"python loader": "--load_fast=false", "rust loader": "--load_fast=true"}

Serve = Callable[..., str]


class Logs(NamedTuple):
    """What the trainings left: the folder of logs, and what is true of them."""

    folder: Path
    truth: dict[str, np.ndarray[Any, Any]]


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Logs:
    """The trainings of `trainings.py`, once, in a process of their own."""

    def train(folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "tests.e2e.trainings", str(folder)], cwd=ROOT, check=True)

    folder = made_once(tmp_path_factory, "trainings", train)
    with np.load(folder / "truth.npz") as truth:
        return Logs(folder, dict(truth))


@pytest.fixture(scope="module")
def has_tensorflow() -> bool:
    """Whether TensorBoard finds TensorFlow, of which it makes nothing here but a start that takes seconds longer."""
    return False


@pytest.fixture(scope="module")
def serve(has_tensorflow: bool) -> Iterator[Serve]:
    """`serve(logdir, *flags)` is the address of a TensorBoard on that folder; one for each folder and flags.

    They end with the last test of the file: each looks for news once a second.
    """
    running: dict[tuple[object, ...], str] = {}
    with ExitStack() as stack:

        def address(logdir: Path, *flags: str) -> str:
            asked = (logdir, *flags)
            if asked not in running:
                running[asked] = stack.enter_context(tensorboard(logdir, "--reload_interval=1", *flags, has_tensorflow=has_tensorflow)).url
            return running[asked]

        yield address


@pytest.fixture(scope="session", params=list(LOADERS.values()), ids=list(LOADERS))
def loader(request: pytest.FixtureRequest) -> str:
    """The flag of each of TensorBoard's two loaders."""
    return str(request.param)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests; each has a context of its own."""
    with chromium() as browser:
        yield browser


class Tab:
    """TensorBoard's page, and the frame of our tab in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._complain(f"error: {error}"))
        page.on("requestfailed", lambda request: self._failed(request.url, str(request.failure)))
        page.on("response", self._response)

    def open(self, address: str) -> Tab:
        """Loads TensorBoard and clicks on Layerscope, as one does, unless the address is a link to it."""
        self.page.goto(address)
        if "#layerscope" not in address:
            self.page.get_by_role("tab", name="Layerscope").click()
        self.frame.get_by_role("tab", name="Predictions").wait_for()
        return self

    def follow(self, address: str, **selection: str) -> Tab:
        """Follows a link to what is selected."""
        return self.open(f"{address}/#layerscope&" + "&".join(f"p.layerscope.{key}={value}" for key, value in selection.items()))

    def view(self, name: str) -> Tab:
        """Clicks on one of the three views."""
        self.frame.get_by_role("tab", name=name).click()
        return self

    @property
    def frame(self) -> FrameLocator:
        """Our page, to find things in."""
        return self.page.frame_locator("iframe").first

    @property
    def our_frame(self) -> Frame:
        """The same, to run programs in."""
        element = self.page.locator("iframe").first.element_handle()
        frame = element.content_frame()
        assert frame is not None
        return frame

    def _console(self, message: ConsoleMessage) -> None:
        self._complain(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _failed(self, url: str, why: str) -> None:
        # A request that the page itself calls off, because another selection came, is as it should be.
        if "ERR_ABORTED" not in why:
            self._complain(f"request failed: {url}: {why}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._complain(f"status {response.status}: {response.url}")

    def _complain(self, complaint: str) -> None:
        if not any(own in complaint for own in TENSORBOARDS_OWN):
            self.complaints.append(complaint)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """A fresh page; the test fails on whatever it complained of. A picture of its end is kept in output/."""
    tab = Tab(context.new_page())
    yield tab
    OUTPUT.mkdir(exist_ok=True)
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)
    tab.page.screenshot(path=str(OUTPUT / f"{name}.png"))
    assert not tab.complaints, "\n".join(tab.complaints)
