"""The command: `python -m layerscope`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from layerscope import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m layerscope",
        description="Layerscope shows, inside TensorBoard, what a neural network is made of, how it learns and what it gets wrong.",
    )
    parser.add_argument("--version", action="version", version=f"layerscope {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    doctor = commands.add_parser(
        "doctor",
        help="say what is installed, what runs and what was logged, and how to mend what is wrong",
        description=(
            "Looks at this environment, at the TensorBoards that run on this machine and at a logdir, and says what is there, "
            "what is wrong with it and how to mend it. Nothing is changed. Exit status 0: all is well; 1: there are problems."
        ),
    )
    doctor.add_argument("logdir", nargs="?", metavar="LOGDIR", help="the directory that TensorBoard is given; without it only the environment is looked at")
    chosen = parser.parse_args(arguments)
    from layerscope.doctor import main as examine  # it brings TensorBoard along, which --help and --version can do without

    return examine(chosen.logdir)


if __name__ == "__main__":
    sys.exit(main())
