"""What holds for every route: errors, methods, conditional requests, compression, a path prefix, the built page."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client

from tb_plugin import assets
from tb_plugin.refusals import BadQuery
from tb_plugin.responses import Body, application
from tests.server.conftest import Tab
from writers import RunWriter, confusion_matrix

RUN, TAG = "demo/layerscope", "validation/confusion_matrix"
ROUTES: dict[str, dict[str, str]] = {
    "/runs": {},
    "/points": {"run": RUN, "tag": TAG},
    "/structure": {"training": "demo"},
    "/order": {"run": RUN, "tag": TAG},
}
KERAS = {
    "class_name": "Sequential",
    "config": {"name": "net", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 3, "batch_input_shape": [None, 2]}}]},
    "keras_version": "2.15.0",
}


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    with RunWriter(tmp_path / RUN) as run:
        for step in range(40):
            run.write(TAG, confusion_matrix.from_predictions([0, 1, 2] * 9, [0, 2, 1] * 9, labels=["a", "b", "c"]), step)
    from tests.server.others import write_keras_model

    write_keras_model(tmp_path / "demo/train", json.dumps(KERAS))
    return tmp_path


@pytest.mark.parametrize("route", ROUTES)
def test_an_unchanged_answer_is_not_sent_again(python_tab: Callable[..., Tab], logdir: Path, route: str) -> None:
    tab = python_tab(logdir)
    first = tab.get(route, ROUTES[route])
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"

    again = tab.get(route, ROUTES[route], headers={"If-None-Match": first.headers["ETag"]})
    other = tab.get(route, ROUTES[route], headers={"If-None-Match": 'W/"other"'})

    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    # TensorBoard's security validator warns of any response without it, and will refuse it one day.
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (other.status_code, other.get_data()) == (200, first.get_data())


@pytest.mark.parametrize("route", ROUTES)
def test_head_answers_the_headers_of_get_alone(python_tab: Callable[..., Tab], logdir: Path, route: str) -> None:
    tab = python_tab(logdir)
    get, head = (tab.get(route, ROUTES[route], method=method) for method in ("GET", "HEAD"))

    assert (head.status_code, head.get_data()) == (200, b"")
    assert dict(head.headers) == dict(get.headers)
    assert int(head.headers["Content-Length"]) == len(get.get_data())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused_with_those_that_are_not(python_tab: Callable[..., Tab], logdir: Path, method: str) -> None:
    response = python_tab(logdir).get("/runs", method=method)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert set(json.loads(response.get_data())) == {"error", "fix"}


@pytest.mark.parametrize("route", ROUTES)
def test_what_shrinks_is_compressed_for_who_can_read_it(python_tab: Callable[..., Tab], logdir: Path, route: str) -> None:
    tab = python_tab(logdir)
    plain = tab.get(route, ROUTES[route])
    packed = tab.get(route, ROUTES[route], headers={"Accept-Encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert packed.headers["Vary"] == "Accept-Encoding"
    if len(plain.get_data()) < 1024:
        assert packed.get_data() == plain.get_data()
    else:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.get_data()) == plain.get_data()


@pytest.mark.parametrize("route", ROUTES)
def test_a_path_prefix_changes_nothing_but_the_address(python_tab: Callable[..., Tab], logdir: Path, route: str) -> None:
    plain, prefixed = python_tab(logdir), python_tab(logdir, "/some/prefix")

    assert prefixed.get(route, ROUTES[route]).get_data() == plain.get(route, ROUTES[route]).get_data()
    assert prefixed.get("/index.js").status_code == 200
    assert prefixed.client.get("/data/plugin/layerscope/runs").status_code == 404


@pytest.mark.parametrize(
    ("route", "query", "says"),
    [
        ("/runs", {"run": "x"}, "unknown parameter 'run'"),
        ("/points", {"run": RUN}, "tag is required"),
        ("/points", {"run": "", "tag": TAG}, "run is required"),
        ("/points", {"run": RUN, "tag": TAG, "step": "3"}, "unknown parameter 'step'"),
        ("/points", {"run": RUN, "tag": TAG, "steps": "3"}, "steps must be a range; it is '3'"),
        ("/points", {"run": RUN, "tag": TAG, "steps": "9..3"}, "steps must not fall; it is '9..3'"),
        ("/points", {"run": RUN, "tag": TAG, "steps": "-1..3"}, "steps must be a range; it is '-1..3'"),
        ("/points", {"run": RUN, "tag": TAG, "steps": "٣..٤"}, "steps must be a range; it is '٣..٤'"),
        ("/points", {"run": RUN, "tag": TAG, "max": "0"}, "max must be a whole number from 1; it is '0'"),
        ("/points", {"run": RUN, "tag": TAG, "max": "many"}, "max must be a whole number from 1; it is 'many'"),
        ("/points", {"run": RUN, "tag": TAG, "bytes": "1e9"}, "bytes must be a whole number from 1; it is '1e9'"),
        ("/structure", {}, "training is required"),
        ("/structure", {"training": "demo", "max": "3"}, "unknown parameter 'max'"),
        ("/order", {"run": RUN}, "tag is required"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], logdir: Path, route: str, query: dict[str, str], says: str) -> None:
    assert python_tab(logdir).refused(route, **query)[:2] == (400, says)


def test_a_parameter_given_twice_is_refused(python_tab: Callable[..., Tab], logdir: Path) -> None:
    tab = python_tab(logdir)

    response = tab.client.get(f"{tab.prefix}/points?run=a&run=b&tag=c")

    assert response.status_code == 400
    assert "2 times" in json.loads(response.get_data())["error"]


def test_what_is_not_there_is_404_in_the_same_shape(python_tab: Callable[..., Tab], logdir: Path) -> None:
    tab = python_tab(logdir)

    assert tab.refused("/structure", training="nobody")[0] == 404
    assert tab.refused("/order", run=RUN, tag="nothing")[0] == 404
    digest = tab.arrays("/points", **ROUTES["/points"]).segments[0]["points"][0]["fields"]["classes"]
    assert tab.refused("/order", run=RUN, tag=f"classes/{digest}")[0] == 404


def test_a_bug_answers_in_the_same_shape_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def route(request: object) -> Body:
        raise ZeroDivisionError("one over nothing")

    response = Client(application(route)).get("/")

    assert response.status_code == 500
    assert "one over nothing" in json.loads(response.get_data())["error"]
    assert "failed" in caplog.text


def test_a_bad_query_raised_by_a_route_is_400() -> None:
    def route(request: object) -> Body:
        raise BadQuery("no", "Yes.")

    response = Client(application(route)).get("/")

    assert (response.status_code, json.loads(response.get_data())) == (400, {"error": "no", "fix": "Yes."})


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "built"
    (root / "static" / "deep").mkdir(parents=True)
    (root / "index.js").write_text("export function render() {}")
    (root / "SOURCE_DIGEST").write_text("secret")
    (root / "secret.js").write_text("secret")
    (root / "static" / "panel-1a2b.js").write_text("1")
    (root / "static" / "deep" / "theme-3c.css").write_text("a {}")
    (root / "static" / "notes.txt").write_text("secret")
    (root / "static" / "out.js").symlink_to(root / "secret.js")
    monkeypatch.setattr(assets, "ROOT", root)
    return root


@pytest.mark.parametrize(
    ("path", "content_type", "cache"),
    [
        ("/index.js", "text/javascript; charset=utf-8", "private, no-cache"),
        ("/static/panel-1a2b.js", "text/javascript; charset=utf-8", "private, max-age=31536000, immutable"),
        ("/static/deep/theme-3c.css", "text/css; charset=utf-8", "private, max-age=31536000, immutable"),
    ],
)
@pytest.mark.usefixtures("built")
def test_the_page_is_served_with_fixed_types(python_tab: Callable[..., Tab], logdir: Path, path: str, content_type: str, cache: str) -> None:
    response = python_tab(logdir).get(path)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Cache-Control"] == cache
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "../index.js",
        "../SOURCE_DIGEST",
        "../secret.js",
        "..%2fsecret.js",
        "%2e%2e/secret.js",
        "deep/../../secret.js",
        "/etc/passwd",
        "notes.txt",
        "out.js",
        "deep",
        "no.js",
        "a%00.js",
    ],
)
@pytest.mark.usefixtures("built")
def test_nothing_outside_the_built_page_is_served(python_tab: Callable[..., Tab], logdir: Path, path: str) -> None:
    tab = python_tab(logdir)

    response = tab.client.get(f"{tab.prefix}/static/{path}")

    assert response.status_code == 404
    assert b"secret" not in response.get_data().replace(b"secret.js", b"")


def test_a_page_that_was_not_built_says_so_in_the_tab(python_tab: Callable[..., Tab], logdir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "ROOT", tmp_path / "nowhere")

    response = python_tab(logdir).get("/index.js")

    assert response.status_code == 200
    assert b"export function render()" in response.get_data()
    assert b"not built" in response.get_data()
