"""The frontend's types are what the declarations say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tb_plugin.schema import typescript
from tb_plugin.schema.payload import array_specs
from tb_plugin.schema.registry import kinds


def test_the_generated_file_is_fresh() -> None:
    assert typescript.TARGET.read_text(encoding="utf-8") == typescript.typescript(), "run python -m tb_plugin.schema.typescript"


def test_every_kind_and_array_is_typed() -> None:
    text = typescript.typescript()
    for kind, cls in kinds().items():
        assert f"readonly kind: '{kind}';" in text
        assert f"  {kind}: {cls.__name__};" in text
        for name in array_specs(cls):
            assert f"  readonly {name}: " in text


def test_a_stale_file_fails_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(typescript, "TARGET", tmp_path / "schema.gen.ts")

    assert typescript.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err

    assert typescript.main([]) == 0
    assert typescript.main(["--check"]) == 0
