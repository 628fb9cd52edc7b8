"""A file system that is soon full: a real one where this user may mount, else a limit on the size of files."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BYTES = 2**20


@dataclass(frozen=True)
class SmallDisk:
    """A disk of one megabyte.

    Attributes:
        folder: Where it is.
        how: What it is, in words.
    """

    folder: Path
    how: str

    @property
    def is_real(self) -> bool:
        """Whether it is a file system of its own."""
        return os.path.ismount(self.folder)

    def fill(self) -> None:
        """Leaves a few hundred bytes, or none."""
        if not self.is_real:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
            return
        with open(self.folder / "ballast", "ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                return

    def make_room(self) -> None:
        """Undoes `fill`."""
        if not self.is_real:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return
        (self.folder / "ballast").unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mounts one in an empty folder and takes it away again."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _mount(folder):
        yield SmallDisk(folder, "RLIMIT_FSIZE (no right to mount here)")
        return
    try:
        yield SmallDisk(folder, f"tmpfs of {_BYTES // 2**20} MB")
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(folder: Path) -> bool:
    if shutil.which("mount") is None:
        return False
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_BYTES}", "layerscope-test", str(folder)], capture_output=True, check=False)
    return done.returncode == 0
