"""A results folder written as a whole: into a folder beside it first, moved into place at the end."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

MARK = "provenance.json"
"""The file by which a folder is known to be the kit's; moved last."""

OURS = (
    "table.csv", "details.csv", "scoreboard.csv", "money.csv", "trust.json", "report.md", "log.csv.gz", "charts",
    "claims.csv", "claims_tests.csv", "claims.md", "story.md", "log_lines.csv", MARK,
)  # fmt: skip


def trouble(folder: Path, ours: Sequence[str] = OURS, mark: str = MARK) -> tuple[str, str] | None:
    """Why results cannot be written to a folder, in zh and en; None if they can.

    Args:
        ours: names of what will be written; what is there under such a name must be the kit's.
        mark: the file by which what is there is known to be the kit's.
    """
    if folder.exists() and not folder.is_dir():
        return "这里已有一个同名文件，请换一个文件夹", "this is a file; name a folder"
    inside, beside = _nearest(folder), _nearest(folder.resolve().parent)
    for place in (inside, beside):
        if not place.is_dir():
            return f"{place} 是一个文件，里面不能建文件夹", f"{place} is a file; no folder can be made in it"
        if not os.access(place, os.W_OK | os.X_OK):
            return f"没有写入 {place} 的权限", f"no permission to write to {place}"
    foreign = [name for name in ours if (folder / name).exists()]
    if foreign and mark not in foreign:
        names = "、".join(foreign), ", ".join(foreign)
        return (
            f"文件夹里的 {names[0]} 不是本工具写的（没有 {mark}），不会覆盖；请换一个文件夹",
            f"{names[1]} there was not written by this kit (no {mark}) and is kept; name another folder",
        )
    return None


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.resolve().parents) if path.exists())


@contextlib.contextmanager
def whole(folder: Path, mark: str = MARK) -> Iterator[Path]:
    """A temporary folder whose files replace those in ``folder`` when the block ends well.

    Files that are not the kit's are left alone. Stopped at any earlier moment, ``folder`` is as it was.
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.unfinished-", dir=folder.parent))
    try:
        yield unfinished
        with _undisturbed():
            _move(unfinished, folder, mark)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _move(unfinished: Path, folder: Path, mark: str) -> None:
    unfinished.chmod(0o755)
    if not folder.exists():
        unfinished.rename(folder)
        return
    files = sorted(path for path in unfinished.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda path: path.name == mark):
        target = folder / path.relative_to(unfinished)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, target)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait for the few milliseconds that moving takes."""
    stopped: list[int] = []
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda number, _: stopped.append(number)) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
    if stopped:
        raise KeyboardInterrupt
