"""What is wrong with a file a user wrote: all at once, each with its line, in Chinese and English."""

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Lang = Literal["zh", "en"]
KeyPath = tuple[str | int, ...]

LONGEST_WRITTEN = 60
"""Characters of the user's own text that a problem repeats."""
MOST_SHOWN = 50
"""Problems listed before the rest is only counted."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what was likely meant or what to do next."""

    file: str
    """File as the user named it."""
    line: int | None
    """Line, counted from 1; None when the whole file is meant."""
    key: str
    """Dotted path of the key; empty when no key is meant."""
    written: str | None
    """What stands there now, shortened to 60 characters; None when nothing does."""
    zh: str
    """The problem in Chinese."""
    en: str
    """The problem in English."""

    def __post_init__(self) -> None:
        if self.written is not None:
            object.__setattr__(self, "written", _shortened(self.written))

    def text(self, lang: Lang = "zh") -> str:
        """The problem in one line: file, line, key, what is wrong, what was written."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        key, said, open_, close = {
            "zh": (f"{self.key}：", self.zh, "（写的是 ", "）"),
            "en": (f"{self.key}: ", self.en, " (written: ", ")"),
        }[lang]
        written = "" if self.written is None else f"{open_}{self.written}{close}"
        return f"{place}: {key if self.key else ''}{said}{written}"


class Problems(Exception):
    """Everything that is wrong with the user's files; ``str()`` is the English text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        # The tuple is the only argument, so that the exception survives the way back from a worker process.
        super().__init__(self.problems)

    def text(self, lang: Lang = "zh") -> str:
        """A line with the count, then a line a problem by file and line; after 50 only the number left."""
        count = len(self.problems)
        header = f"发现 {count} 个问题：" if lang == "zh" else f"{count} problem{'s' * (count != 1)} found:"
        ordered = sorted(self.problems, key=lambda problem: (problem.file, problem.line or 0))
        lines = [header, *(problem.text(lang) for problem in ordered[:MOST_SHOWN])]
        if count > MOST_SHOWN:
            left = count - MOST_SHOWN
            lines.append(f"……还有 {left} 个问题没有列出" if lang == "zh" else f"... and {left} more")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text("en")


def dotted(path: KeyPath) -> str:
    """A key path as the user reads it; list positions count from 0."""
    return ".".join(str(part) for part in path)


def as_written(value: Any) -> str:
    """A value roughly as TOML writes it, shortened to 60 characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return _shortened(repr(value))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_WRITTEN else text[: LONGEST_WRITTEN - 1] + "…"


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like ``word``, or None if nothing is near.

    Case, hyphens and blanks do not count; a choice that continues the word (a forgotten unit) counts as near.
    """
    plain = {_plain(choice): choice for choice in choices}
    wanted = _plain(word)
    near = difflib.get_close_matches(wanted, plain, n=1, cutoff=0.65)
    if not near and len(wanted) >= 3:
        near = sorted((key for key in plain if key.startswith(wanted + "_")), key=len)[:1]
    return plain[near[0]] if near else None


def _plain(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def absent_file(path: Path) -> Problem | None:
    """The problem with a path that is no file, or None if there is a file to read."""
    if path.is_file():
        return None
    if path.is_dir():
        return Problem(
            str(path),
            None,
            "",
            None,
            "这是一个文件夹，请写里面的一个文件",
            "this is a folder; name a file in it",
        )
    folder = path.parent
    if not folder.is_dir():
        return Problem(str(path), None, "", None, f"没有这个文件夹：{folder}", f"there is no folder {folder}")
    guess = did_you_mean(path.name, sorted(entry.name for entry in folder.iterdir() if entry.is_file()))
    hint_zh = f"，是不是 {folder / guess}？" if guess else f"，请看看 {folder} 里有什么"
    hint_en = f", did you mean {folder / guess}?" if guess else f"; see what is in {folder}"
    return Problem(str(path), None, "", None, f"没有这个文件{hint_zh}", f"there is no such file{hint_en}")
