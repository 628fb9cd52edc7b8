"""Whatever strikes a run while it is written: nothing flushed is lost, nothing hangs, nothing raises into training, and losses are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.faults import FAULTS, strike

ROUNDS = 3
PATIENCE = 120.0
"""Seconds after which a fault counts as a hang: what takes one takes long on a busy machine."""


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_flushed_is_lost_nothing_hangs_and_nothing_raises(name: str, tmp_path: Path) -> None:
    outcome = strike(name, tmp_path, ROUNDS, PATIENCE)

    assert outcome.holds, outcome
    assert outcome.kept > 0
