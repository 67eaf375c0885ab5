"""A TOML file with the line of every key: ``tomllib`` reads the values, a small scanner finds the lines."""

import contextlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.problems import KeyPath, Problem, Problems, absent_file, dotted


@dataclass(frozen=True, eq=False)
class TomlSource:
    """What a TOML file says and where it says it."""

    file: str
    """File as the user named it."""
    data: dict[str, Any]
    """Content, as ``tomllib`` gives it."""
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)
    """Line of each key and table; empty if the data came from no file."""

    def line_of(self, path: KeyPath) -> int | None:
        """Line of a key, counted from 1; where it is not written, of the nearest table around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def read_toml(path: str | Path) -> TomlSource:
    """Read a TOML file.

    Raises:
        Problems: no such file, a folder, not UTF-8, or not TOML; with the line where there is one.
    """
    path = Path(path)
    absent = absent_file(path)
    if absent is not None:
        raise Problems((absent,))
    text = _decoded(path).replace("\r\n", "\n")
    try:
        scan = _Scan(text)
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise Problems((_syntax_problem(str(path), text, scan, str(wrong)),)) from None
    except (RecursionError, ValueError):
        # tomllib's own limits, not TOML's: hundreds of brackets in one another, thousands of digits in a number
        zh = "括号套得太深，或一个数字太长，无法读取；请检查这个文件"
        en = "brackets nested too deep, or a number too long to be read; look at the file again"
        raise Problems((Problem(str(path), _monster(text), "", None, zh, en),)) from None
    return TomlSource(str(path), data, scan.lines)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        # Windows editors put a byte order mark first; TOML knows none.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        line = None if wide else content.count(b"\n", 0, wrong.start) + 1
        problem = Problem(
            str(path),
            line,
            "",
            None,
            "文件不是 UTF-8 编码，请在编辑器里另存为 UTF-8",
            "the file is not UTF-8; save it as UTF-8 in your editor",
        )
        raise Problems((problem,)) from None


class _Scan:
    """Lines of all keys in a TOML text. On broken TOML it stops early; ``tomllib`` says what is wrong."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.lines: dict[KeyPath, int] = {}
        self.starts: list[int] = []
        """Line on which each statement begins."""
        self.repeated: list[tuple[KeyPath, int, int]] = []
        """Keys written twice: path, line, line of the first."""
        self._explicit: set[KeyPath] = set()
        self._lengths: dict[KeyPath, int] = {}
        self._line, self._counted = 1, 0
        with contextlib.suppress(_Broken, tomllib.TOMLDecodeError):
            self._document()

    def _document(self) -> None:
        table: KeyPath = ()
        while self._skip_blank():
            self.starts.append(self._here())
            if self.text.startswith("[", self.pos):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        line = self._here()
        is_array = self.text.startswith("[[", self.pos)
        self.pos += 2 if is_array else 1
        *parents, last = self._key()
        path = (*self._inside(parents), last)
        self._imply(path, line)
        if is_array:
            index = self._lengths[path] = self._lengths.get(path, 0) + 1
            path += (index - 1,)
        self._note(path, line)
        self._expect("]]" if is_array else "]")
        return path

    def _inside(self, keys: list[str]) -> KeyPath:
        """The table the keys lead to; an array of tables stands for its last one."""
        path: KeyPath = ()
        for key in keys:
            path += (key,)
            if path in self._lengths:
                path += (self._lengths[path] - 1,)
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._here()
        path = table + tuple(self._key())
        self._imply(path, line)
        self._note(path, line)
        self._expect("=")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip_spaces()
        start = self.text[self.pos : self.pos + 1]
        if start == "{":
            self._items("}", lambda index: self._pair(path))
        elif start == "[":
            self._items("]", lambda index: self._element((*path, index)))
        elif start in ("'", '"'):
            self._string()
        else:
            self.pos = self._match(r"[^,\]}\n#]*").end()

    def _element(self, path: KeyPath) -> None:
        self._note(path, self._here())
        self._value(path)

    def _items(self, end: str, read: Callable[[int], None]) -> None:
        """The comma-separated items of an array or inline table."""
        self.pos += 1
        index = 0
        while self._skip_blank() and not self.text.startswith(end, self.pos):
            before = self.pos
            read(index)
            index += 1
            self._skip_blank()
            if self.text.startswith(",", self.pos):
                self.pos += 1
            if self.pos == before:
                raise _Broken
        self._expect(end)

    def _string(self) -> str:
        pattern = r"'''.*?'{3,5}|\"\"\"(?:\\.|[^\\])*?\"{3,5}|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\""
        found = self._match(pattern)
        self.pos = found.end()
        return found.group()

    def _key(self) -> list[str]:
        """The parts of a dotted key."""
        parts = []
        while True:
            self._skip_spaces()
            if self.text.startswith(("'", '"'), self.pos):
                parts.append(next(iter(tomllib.loads(self._string() + "=0"))))
            else:
                found = self._match(r"[^\s.=\[\]{}#,'\"]+")
                parts.append(found.group())
                self.pos = found.end()
            self._skip_spaces()
            if not self.text.startswith(".", self.pos):
                return parts
            self.pos += 1

    def _note(self, path: KeyPath, line: int) -> None:
        if path in self._explicit:
            self.repeated.append((path, line, self.lines[path]))
            return
        self._explicit.add(path)
        self.lines[path] = line

    def _imply(self, path: KeyPath, line: int) -> None:
        """Tables that exist only because something in them does."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.pos)
        self._counted = self.pos
        return self._line

    def _match(self, pattern: str) -> re.Match[str]:
        found = re.compile(pattern, re.DOTALL).match(self.text, self.pos)
        if found is None:
            raise _Broken
        return found

    def _expect(self, token: str) -> None:
        self._skip_spaces()
        if not self.text.startswith(token, self.pos):
            raise _Broken
        self.pos += len(token)

    def _skip_spaces(self) -> None:
        self.pos = self._match(r"[ \t]*").end()

    def _skip_blank(self) -> bool:
        """Over blanks, line ends and comments; whether anything follows."""
        self.pos = self._match(r"(?:\s|#[^\n]*)*").end()
        return self.pos < len(self.text)


class _Broken(Exception):
    """The text is no TOML from here on."""


_FULL_WIDTH = "：“”‘’，＝【】［］｛｝０１２３４５６７８９．％　"

_SYNTAX: tuple[tuple[str, str, str], ...] = (
    (
        r"Invalid initial character for a key|Invalid statement",
        "键名只能用英文字母、数字、下划线、连字符；别的要加引号",
        "a key is letters, digits, underscore, hyphen; quote any other",
    ),
    (
        r"Expected '=' after a key",
        "键名后面要有等号和值：键名 = 值",
        "a key needs an equals sign and a value: key = value",
    ),
    (r"Expected '\]+' at the end of", "表头没有写完，缺右方括号 ]", "the table header lacks its closing ]"),
    (r"Unclosed array", "列表没有写完，缺逗号或右方括号 ]", "the list lacks a comma or its closing ]"),
    (
        r"Unclosed inline table",
        "大括号里的表没有写完：要写在同一行，用逗号分开，以 } 结束",
        "the inline table is not closed: write it on one line, with commas, and end it with }",
    ),
    (
        r"Unterminated string|Illegal character '\\n'|Found invalid character '\\n'|^Expected ['\"]{3,}",
        "文字没有写完，缺右引号",
        "the text lacks its closing quote",
    ),
    (
        r"Unescaped|Invalid hex|not a Unicode scalar",
        "双引号里的反斜杠 \\ 有特殊含义；路径请用单引号或用 /",
        "a backslash in double quotes has a meaning of its own; use single quotes, or / in paths",
    ),
    (
        r"Illegal character|Found invalid character",
        "有看不见的控制字符，请删掉重写这一行",
        "there is an invisible control character; retype the line",
    ),
    (
        r"Invalid date",
        "没有这个日期或时间，请写成 2026-03-02 的样子",
        "no such date or time; write it like 2026-03-02",
    ),
    (
        r"Duplicate inline table key|Cannot declare|Cannot overwrite|Cannot mutate|Cannot redefine",
        "这个键或表前面已经写过，请只留一处",
        "this key or table was written before; keep one",
    ),
)

_VALUES: tuple[tuple[str, str, str], ...] = (
    (r"^\s*$", "等号后面没有值", "no value after the equals sign"),
    (r"^\s*-?[\d.]+\s*%", "不能写百分号，请写成小数，例如 5% 写 0.05", "no percent sign: write 5% as 0.05"),
    (
        r"^\s*(True|TRUE|False|FALSE|yes|no|on|off|是|否)\b",
        "是或否要写小写的 true 或 false",
        "write true or false, in small letters",
    ),
    (
        r"^\s*-?0\d",
        "数字不能以 0 开头；钟点请写小时数，例如 8 点半写 8.5",
        "a number must not begin with 0; write half past eight as 8.5",
    ),
    (r"^\s*-?\d+(\.\d+)?,\d", "数字里不要写逗号", "no commas in a number"),
    (
        r"^\s*-?(\d+\.(\D|$)|\.\d)",
        "小数点前后都要有数字，例如 0.5",
        "a decimal point needs digits on both sides: 0.5",
    ),
    (
        r"^\s*-?[\d.]+\s*[A-Za-z\u4e00-\u9fff/]+\s*$",
        "要写数字，不带单位（单位在键名里）",
        "write a number without a unit (the unit is in the key's name)",
    ),
)


def _syntax_problem(file: str, text: str, scan: _Scan, message: str) -> Problem:
    """What ``tomllib`` said, in words a manager can act on."""
    at = re.search(r"\(at line (\d+), column \d+\)", message)
    line = int(at.group(1)) if at else text.rstrip().count("\n") + 1
    repeated = next((found for found in scan.repeated if found[1] <= line), None)
    if repeated and re.match("Cannot|Duplicate", message):
        path, line, first = repeated
        return Problem(
            file,
            line,
            dotted(path),
            None,
            f"重复了，第 {first} 行已经写过，请只留一处",
            f"written twice, first on line {first}; keep one",
        )
    zh, en = _syntax_words(message, text, line)
    if re.match(r"Unclosed array|Expected ['\"]{3}", message):
        # What is left open is found wanting far below; the user needs the place where it was opened.
        line = max((start for start in scan.starts if start <= line), default=line)
    return Problem(file, line, "", _line(text, line).strip(), zh, en)


def _syntax_words(message: str, text: str, line: int) -> tuple[str, str]:
    here = _line(text, line).split("#")[0]
    for sign in _FULL_WIDTH:
        if sign in re.sub(r"\"[^\"]*\"|'[^']*'", "", here):
            return (
                f"引号外有全角符号“{sign}”，请改成半角",
                f"the full-width character {sign} stands outside quotes",
            )
    for pattern, zh, en in _SYNTAX:
        if re.search(pattern, message):
            return zh, en
    value = here.partition("=")[2]
    for pattern, zh, en in _VALUES:
        if re.search(pattern, value):
            return zh, en
    if message.startswith("Invalid value"):
        return "这个值不能用；文字要加引号", "not a value; text needs quotes"
    return (
        "这一行写完一个值以后还有别的内容；一行只写一个 键名 = 值",
        "something follows the value; one key = value a line",
    )


def _monster(text: str) -> int:
    """The line with the most brackets, or the most digits in one number."""
    lines = text.split("\n")
    longest = [max(line.count("[") + line.count("{"), *map(len, re.findall(r"\d+", line)), 0, 0) for line in lines]
    return longest.index(max(longest)) + 1


def _line(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line - 1] if line <= len(lines) else ""
