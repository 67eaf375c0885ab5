"""Run store: each finished replication is one row of an SQLite file, written as soon as it is there.

A kill at any moment loses at most the runs in flight. The key holds the model code, so runs of other code are never
read; they stay where they are, and how many there are is said aloud. One process at a time has a store; a second one
is told so. Each row carries a checksum: one that was damaged is as if it had never been.
"""

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sim.failures import StudyFailed
from sim.laws.found import Found
from sim.replication import Measured, Task, code_hash

NAME = "runs.sqlite"
BUSY_SECONDS = 1.0
MOST_ASKED = 500
"""Keys asked for in one statement."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
  key TEXT PRIMARY KEY, code TEXT NOT NULL, scenario TEXT NOT NULL, mechanisms TEXT NOT NULL,
  seed TEXT NOT NULL, replication INTEGER NOT NULL, weeks INTEGER NOT NULL, laws_broken INTEGER NOT NULL,
  windows BLOB NOT NULL, rest BLOB NOT NULL
) WITHOUT ROWID
"""


class StoreTrouble(StudyFailed):
    """The store cannot be read or written; nothing that was in it is lost."""


class Kept(NamedTuple):
    """A row: its key, its metrics, and how many laws it breaks."""

    key: str
    windows: dict[str, dict[str, float]]
    laws_broken: int


class RunStore:
    """Finished replications of one folder. Use it in a ``with`` block."""

    def __init__(self, folder: Path) -> None:
        """Nothing is opened yet; ``folder`` need not be there."""
        self.path = Path(folder, NAME)

    def __enter__(self) -> "RunStore":
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            with self._told():
                # the lock is held until the store is closed, or this process ends in whatever way
                self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute(SCHEMA)
                self._db.execute("COMMIT")
        except BaseException:
            self._db.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    @property
    def count(self) -> int:
        """Rows there are."""
        return int(self._one("SELECT count(*) FROM runs"))

    @property
    def stale(self) -> int:
        """Rows made by other model code; they are never used."""
        return int(self._one("SELECT count(*) FROM runs WHERE code <> ?", code_hash()))

    def find(self, keys: Iterable[str]) -> Iterator[Kept]:
        """Metrics of those keys that are there, in no order; a damaged row is not."""
        asked = list(keys)
        for start in range(0, len(asked), MOST_ASKED):
            part = asked[start : start + MOST_ASKED]
            marks = ",".join("?" * len(part))
            with self._told():
                rows = self._db.execute(
                    f"SELECT key, windows, laws_broken FROM runs WHERE key IN ({marks})", part
                ).fetchall()
            for key, windows, broken in rows:
                found = _unpacked(windows)
                if found is not None:
                    yield Kept(key, found, broken)

    def read(self, key: str) -> Measured | None:
        """Everything kept of a run; None if it is not there or damaged."""
        with self._told():
            row = self._db.execute("SELECT windows, rest FROM runs WHERE key = ?", (key,)).fetchone()
        windows, rest = (_unpacked(row[0]), _unpacked(row[1])) if row else (None, None)
        if windows is None or rest is None:
            return None
        series = {name: (amounts, bases) for name, (amounts, bases) in rest["series"].items()}
        laws = tuple(Found(*law) for law in rest["laws"])
        return Measured(windows, rest["flows"], laws, series, rest["textbook"])

    def write(self, key: str, task: Task, found: Measured) -> None:
        """Keep a run; it is safe when this returns."""
        rest = {
            "flows": found.flows, "laws": [list(law) for law in found.laws],
            "series": found.series, "textbook": found.textbook,
        }  # fmt: skip
        mechanisms = ", ".join(sorted(task.scenario.policies[task.policy].mechanisms))
        row = (
            key, code_hash(), task.scenario.name, mechanisms, str(task.seed), task.replication, task.weeks,
            found.laws_broken, _packed(found.windows), _packed(rest),
        )  # fmt: skip
        with self._told():
            self._db.execute(f"INSERT OR REPLACE INTO runs VALUES ({','.join('?' * len(row))})", row)

    def _one(self, statement: str, *values: Any) -> Any:
        with self._told():
            return self._db.execute(statement, values).fetchone()[0]

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite and the system say into one line a manager can act on."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreTrouble(*_why(self.path, str(error))) from error


def _packed(values: Any) -> bytes:
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode())


def _unpacked(blob: bytes) -> Any:
    """What was packed; None if it was damaged since, which zlib's checksum shows."""
    try:
        return json.loads(zlib.decompress(blob))
    except (zlib.error, ValueError, TypeError):
        return None


def _why(path: Path, said: str) -> tuple[str, str]:
    """The trouble in zh and en: place, cause, next step."""
    low = said.lower()
    if "locked" in low or "busy" in low:
        return (
            f"{path} 正被另一个研究使用。等它结束再运行，或用 --out 换一个文件夹。",
            f"{path} is in use by another study. Wait until it ends, or name another folder with --out.",
        )
    if "full" in low or "no space" in low:
        return (
            f"磁盘已满，写不进 {path}。已完成的运行都已保存；腾出空间后再运行同一条命令，只补缺少的。",
            f"The disk is full; {path} cannot grow. Finished runs are kept; make room and run the same command again: "
            "only what is missing is computed.",
        )
    if "malformed" in low or "not a database" in low or "corrupt" in low:
        return (
            f"{path} 已损坏（{said}）。没有覆盖它；把它移走或改名后再运行，运行会重新计算。",
            f"{path} is damaged ({said}). It was not overwritten; move it away and run again: the runs are computed "
            "anew then.",
        )
    if "readonly" in low or "read-only" in low or "permission" in low or "unable to open" in low:
        return (
            f"不能写 {path}（{said}）。请检查权限，或用 --out 换一个文件夹。",
            f"{path} cannot be written ({said}). Check its permissions, or name another folder with --out.",
        )
    return (
        f"{path} 出错：{said}。已完成的运行都已保存；可以再运行同一条命令，或用 --out 换一个文件夹。",
        f"{path}: {said}. Finished runs are kept; run the same command again, or name another folder with --out.",
    )
