"""A TOML file with the line of every key; the standard library's reader gives none."""

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.problems import Problem, Problems

KeyPath = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


@dataclass(frozen=True)
class TomlSource:
    """What a file says, and where."""

    file: str
    data: dict[str, Any]
    lines: dict[KeyPath, int] = field(default_factory=dict, repr=False)

    def line_of(self, path: KeyPath) -> int | None:
        """Line of a key, or of the nearest table or key around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def read_toml(path: str | Path) -> TomlSource:
    """Read a TOML file.

    Raises:
        Problems: it is not there, not a file, not UTF-8 or not TOML.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Problems([_unreadable(path, error)]) from None
    except UnicodeDecodeError:
        problem = Problem(str(path), None, "", None, "不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8; save it as UTF-8")
        raise Problems([problem]) from None
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Problems([_syntax(path, text, str(error))]) from None
    return TomlSource(str(path), data, _locate(text))


def _unreadable(path: Path, error: OSError) -> Problem:
    if path.is_dir():
        return Problem(str(path), None, "", None, "这是文件夹，要给场景文件（.toml）", "a folder; name a scenario file (.toml)")
    if path.exists():
        return Problem(str(path), None, "", None, "读不了这个文件，请检查权限", f"cannot be read: {error.strerror}")
    near = [p.name for p in path.parent.glob("*.toml")] if path.parent.is_dir() else []
    guess = difflib.get_close_matches(path.name, near, 1, 0.5)
    zh, en = "没有这个文件", "no such file"
    if guess:
        zh, en = f"{zh}，是不是 {path.parent / guess[0]}？", f"{en}, did you mean {path.parent / guess[0]}?"
    elif near:
        zh, en = f"{zh}，文件夹里有：{'、'.join(sorted(near))}", f"{en}; the folder has: {', '.join(sorted(near))}"
    return Problem(str(path), None, "", None, zh, en)


_SYNTAX = {
    "Cannot overwrite a value": ("同一个键写了两次，请删掉一个", "the same key is written twice; remove one"),
    "Cannot declare": ("同一个表写了两次，请合并", "the same table is declared twice; merge them"),
    "Invalid value": ("值写得不对：文字要加引号，小数写成 0.5", "not a value: text needs quotes, decimals look like 0.5"),
    "Expected '=' after a key": ("键后面要有等号", "a key needs an equals sign"),
    "Unclosed array": ("方括号没有合上", "a square bracket is not closed"),
    "Unterminated string": ("引号没有合上", "a quotation mark is not closed"),
    "Illegal character '\\n'": ("引号没有合上", "a quotation mark is not closed"),
    "Expected newline or end of document": ("一行只能写一个值", "one value a line"),
}


def _syntax(path: Path, text: str, message: str) -> Problem:
    place = re.search(r"at line (\d+)", message)
    line = int(place.group(1)) if place else len(text.splitlines())
    lines = text.splitlines()
    written = lines[line - 1].strip() if 0 < line <= len(lines) else None
    for start, (zh, en) in _SYNTAX.items():
        if message.startswith(start):
            return Problem(str(path), line, "", written, zh, en)
    return Problem(str(path), line, "", written, "这一行不符合 TOML 的写法", f"not TOML: {message}")


def _locate(text: str) -> dict[KeyPath, int]:
    """Line of each table and key; what stands inside a multi-line value has the line of its key."""
    found: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    depth = 0
    quote = ""
    for number, line in enumerate(text.split("\n"), 1):
        if not depth and not quote:
            header = _TABLE.match(line)
            if header:
                table = _enter(header, counts)
                found.setdefault(table, number)
                continue
            key = _KEY.match(line)
            if key:
                parts = _parts(key.group(1))
                for end in range(1, len(parts) + 1):
                    found.setdefault((*table, *parts[:end]), number)
                for inner in re.finditer(r"[{,]\s*([A-Za-z0-9_-]+)\s*=", line[key.end() :]):
                    found.setdefault((*table, *parts, inner.group(1)), number)
        depth, quote = _balance(line, depth, quote)
    return found


def _enter(header: "re.Match[str]", counts: dict[KeyPath, int]) -> KeyPath:
    path: KeyPath = ()
    parts = _parts(header.group(2))
    for i, part in enumerate(parts):
        path = (*path, part)
        last = i == len(parts) - 1
        if last and header.group(1) == "[[":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(text))


def _balance(line: str, depth: int, quote: str) -> tuple[int, str]:
    """Open brackets and triple quotes after a line."""
    i = 0
    while i < len(line):
        three = line[i : i + 3]
        if quote:
            if three == quote:
                quote, i = "", i + 2
        elif three in ('"""', "'''"):
            quote, i = three, i + 2
        elif line[i] in "\"'":
            end = line.find(line[i], i + 1)
            i = end if end > 0 else len(line)
        elif line[i] == "#":
            break
        elif line[i] in "[{":
            depth += 1
        elif line[i] in "]}":
            depth -= 1
        i += 1
    return max(depth, 0), quote
