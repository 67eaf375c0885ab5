"""Settings from a user's data: every mistake at once, in words, with its line and what was likely meant."""

import datetime as dt
import json
import math
import re
import types
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from sim.problems import KeyPath, Problem, Problems, as_written, did_you_mean, dotted
from sim.tomlsource import TomlSource
from sim.units import Settings

__all__ = ["did_you_mean", "validate"]

Model = TypeVar("Model", bound=Settings)
Words = tuple[str, str]
"""The same thing in Chinese and in English."""


def validate(
    model_class: type[Model], source: TomlSource, data: dict[str, Any] | None = None, prefix: KeyPath = ()
) -> Model:
    """Settings of ``model_class`` from ``data``, the table at ``prefix`` of ``source`` (left out: all of it).

    A boolean or a quoted number is no number, and a number with decimals is no whole number.

    Raises:
        Problems: all mistakes, each with its line.
        TypeError: a value that no scenario file could hold.
    """
    written = source.data if data is None else data
    try:
        # Strict reading from JSON is just what a scenario needs: true and "5" are no numbers, 5.0 is no whole
        # number, yet a list may become a tuple. Strict reading from Python objects would refuse the list.
        return model_class.model_validate_json(json.dumps(written, default=_plain), strict=True)
    except ValidationError as wrong:
        raise Problems(_Translation(model_class, source, written, prefix).problems(wrong)) from None


def _plain(value: Any) -> Any:
    """What JSON has no word for: dates of TOML, and values a notebook may put into a changed scenario."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a scenario cannot hold a {type(value).__name__}: {as_written(value)}")


class _Translation:
    """From the errors of one validation to problems."""

    def __init__(self, model_class: type[Settings], source: TomlSource, data: Any, prefix: KeyPath) -> None:
        self.model_class = model_class
        self.source = source
        self.data = data
        self.prefix = prefix

    def problems(self, wrong: ValidationError) -> tuple[Problem, ...]:
        """One problem for each place, in the order of the errors."""
        found: dict[KeyPath, Problem] = {}
        meant: set[KeyPath] = set()
        missing: set[KeyPath] = set()
        for error in _first_causes(wrong):
            path = _data_path(error, self.data)
            if error["type"] == "extra_forbidden":
                guess = did_you_mean(str(path[-1]), self._keys(path[:-1]))
                meant.add((*path[:-1], guess) if guess else ())
            if error["type"] == "missing":
                missing.add(path)
            # A value that fits no member of a union has an error for each member: one is enough.
            if path not in found:
                found[path] = self._problem(error, path)
        # A misspelt key is also a missing one; saying it once is clearer.
        return tuple(problem for path, problem in found.items() if path not in missing & meant)

    def _problem(self, error: ErrorDetails, path: KeyPath) -> Problem:
        full = self.prefix + path
        zh, en = self._words(error, path)
        value = _value_at(self.data, path)
        shown = None if value is _NOTHING or isinstance(value, dict) else as_written(value)
        return Problem(self.source.file, self.source.line_of(full), dotted(full), shown, zh, en)

    def _words(self, error: ErrorDetails, path: KeyPath) -> Words:
        kind, context = error["type"], error.get("ctx", {})
        value = _value_at(self.data, path)
        if kind not in _KNOWN_ERRORS:
            return _own_words(error["msg"])
        if kind in ("value_error", "assertion_error"):
            return _own_words(str(context["error"]))
        if kind == "extra_forbidden" or (kind == "literal_error" and error["loc"][-1] == "[key]"):
            return self._unknown_key(path)
        if kind == "missing":
            return self._missing(path)
        if kind in ("literal_error", "enum"):
            return _not_a_choice(value, list(_choices(_types_at(self.model_class, path))))
        if kind in _LIMITS:
            return _out_of_range(kind, context, value)
        if kind in _LENGTHS:
            return _LENGTHS[kind](context | {"actual_length": len(value)})
        return self._wrong_type(kind, path, value)

    def _wrong_type(self, kind: str, path: KeyPath, value: Any) -> Words:
        if kind in ("model_type", "model_attributes_type", "dict_type"):
            return self._not_a_table(path)
        if kind in ("float_type", "int_type"):
            return _not_a_number(kind == "int_type", self._key_of(path), value)
        if kind == "bool_type":
            return "要写 true 或 false，不加引号", "write true or false, without quotes"
        if kind in ("list_type", "tuple_type", "set_type", "frozen_set_type"):
            if isinstance(value, dict) and self._keys((*path, 0)):
                name = dotted(self.prefix + path)
                return f"要写成列表；一组表用 [[{name}]]", f"must be a list; for tables write [[{name}]]"
            return (
                "要写成列表，用方括号括起来，例如 [1, 2]",
                "must be a list in square brackets, such as [1, 2]",
            )
        for start, words in _EXPECTED.items():
            if kind.startswith(start):
                return words
        return "这个值不能用在这里", "this value cannot stand here"

    def _keys(self, path: KeyPath) -> list[str]:
        """Keys that may be written at ``path``, those that must be first."""
        found: dict[str, None] = {}
        for model in _types_at(self.model_class, path):
            if _is_model(model):
                fields = model.model_fields
                found |= dict.fromkeys(sorted(fields, key=lambda name: not fields[name].is_required()))
            elif get_origin(model) is dict:
                found |= dict.fromkeys(str(choice) for choice in _choices(_unwrapped(get_args(model)[0])))
        return list(found)

    def _unknown_key(self, path: KeyPath) -> Words:
        key, here = str(path[-1]), self._keys(path[:-1])
        guess = did_you_mean(key, here)
        zh, en = "没有这个参数", "no such key"
        if guess:
            zh, en = f"{zh}，是不是 {guess}？", f"{en}, did you mean {guess}?"
        homes = [dotted(self.prefix + home) for home in _homes(self.model_class, key)]
        if homes:
            places, more = ", ".join(homes[:3]), len(homes) > 3
            zh += f"{f'{key} ' if guess else '；它'}属于 {places}{' 等处' if more else ''}"
            en += f"{f' {key}' if guess else '; it'} belongs to {places}{' and others' if more else ''}"
        if not guess and not homes:
            listed = here[:12] + ["…"] * (len(here) > 12)
            zh += f"；这里可以写：{'、'.join(listed)}" if here else "；这里什么也不用写，请删掉"
            en += f"; here you may write {', '.join(listed)}" if here else "; nothing belongs here, remove it"
        return zh, en

    def _missing(self, path: KeyPath) -> Words:
        if path and isinstance(path[-1], int):
            return "这个列表太短，缺这一项", "the list is too short: this item is missing"
        table = dotted(self.prefix + path[:-1])
        if not table:
            return "缺少这个参数，请在文件开头写上", "missing; write it at the top of the file"
        return f"缺少这个参数，请在 {table} 里写上", f"missing; write it in {table}"

    def _not_a_table(self, path: KeyPath) -> Words:
        keys = self._keys(path)
        example = f"{{ {', '.join(f'{key} = …' for key in keys[:4])} }}" if keys else "{ 名称 = … }"
        return f"要写成一个表：{example}", f"must be a table: {example.replace('名称', 'name')}"

    def _key_of(self, path: KeyPath) -> str:
        """The nearest key by name: a list's item has its list's."""
        return next((part for part in reversed(self.prefix + path) if isinstance(part, str)), "")


_NOTHING = object()


def _first_causes(wrong: ValidationError) -> list[ErrorDetails]:
    """All errors but lists called too short because pydantic left out their bad items, told anyway."""
    errors = wrong.errors(include_url=False)
    broken = {error["loc"][:length] for error in errors for length in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in broken]


def _data_path(error: ErrorDetails, data: Any) -> KeyPath:
    """The error's place in the data: pydantic also names union members and "[key]", which nobody wrote."""
    path: KeyPath = ()
    here = data
    for i, part in enumerate(error["loc"]):
        inner = _value_at(here, (part,))
        if inner is not _NOTHING:
            path, here = (*path, part), inner
        elif i == len(error["loc"]) - 1 and error["type"] == "missing":
            path = (*path, part)
    return path


def _value_at(data: Any, path: KeyPath) -> Any:
    for part in path:
        if isinstance(data, dict):
            data = {str(key): value for key, value in data.items()}.get(str(part), _NOTHING)
        elif isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return _NOTHING
    return data


def _types_at(model_class: type[BaseModel], path: KeyPath) -> list[Any]:
    """Types that may stand at a path, unions taken apart."""
    here: list[Any] = [model_class]
    for part in path:
        here = [inner for outer in here for inner in _inner_types(outer, part)]
    return here


def _inner_types(outer: Any, part: str | int) -> list[Any]:
    if _is_model(outer):
        field = outer.model_fields.get(str(part))
        return _unwrapped(field.annotation) if field else []
    arguments = get_args(outer)
    if get_origin(outer) is dict:
        return _unwrapped(arguments[1])
    if get_origin(outer) is tuple and Ellipsis not in arguments:
        return _unwrapped(arguments[part]) if isinstance(part, int) and part < len(arguments) else []
    return _unwrapped(arguments[0]) if get_origin(outer) in (list, tuple, set, frozenset) else []


def _unwrapped(annotation: Any) -> list[Any]:
    """The plain types behind Annotated, Optional, unions and type aliases."""
    if hasattr(annotation, "__value__"):
        return _unwrapped(annotation.__value__)
    if get_origin(annotation) is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [plain for member in get_args(annotation) for plain in _unwrapped(member)]
    return [annotation]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _choices(kinds: Iterable[Any]) -> Iterator[Any]:
    for kind in kinds:
        if get_origin(kind) is Literal:
            yield from get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, Enum):
            yield from (member.value for member in kind)


def _homes(root: type[BaseModel], key: str) -> list[KeyPath]:
    """Every place of the schema that has ``key``; ``*`` stands for a name or a position."""
    found: dict[KeyPath, None] = {}

    def visit(kinds: list[Any], path: KeyPath, above: tuple[Any, ...]) -> None:
        for kind in kinds:
            if _is_model(kind) and kind not in above:
                for name, field in kind.model_fields.items():
                    if name == key:
                        found[(*path, name)] = None
                    visit(_unwrapped(field.annotation), (*path, name), (*above, kind))
            elif get_origin(kind) in (dict, list, tuple):
                visit(_inner_types(kind, 0), (*path, "*"), above)

    visit([root], (), ())
    return list(found)


_KNOWN_ERRORS = frozenset(get_args(ErrorType))

_LIMITS: dict[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "≥"),
    "greater_than": ("gt", ">"),
    "less_than_equal": ("le", "≤"),
    "less_than": ("lt", "<"),
}

_LENGTHS: dict[str, Callable[[dict[str, Any]], Words]] = {
    "too_short": lambda c: (
        f"至少要有 {c['min_length']} 项，现在是 {c['actual_length']} 项",
        f"needs at least {c['min_length']} items, has {c['actual_length']}",
    ),
    "too_long": lambda c: (
        f"最多 {c['max_length']} 项，现在是 {c['actual_length']} 项",
        f"takes at most {c['max_length']} items, has {c['actual_length']}",
    ),
    "string_too_short": lambda c: (
        f"至少要有 {c['min_length']} 个字符",
        f"needs at least {c['min_length']} characters",
    ),
    "string_too_long": lambda c: (
        f"最多 {c['max_length']} 个字符",
        f"takes at most {c['max_length']} characters",
    ),
}

_EXPECTED: dict[str, Words] = {
    "finite_number": ("要写有限的数，不能是 inf 或 nan", "must be a finite number, not inf or nan"),
    "multiple_of": ("不在允许的刻度上", "is not on the allowed grid of values"),
    "string_type": ("要写文字，加引号", "must be text in quotes"),
    "string_pattern": ("文字的格式不对", "the text does not have the right form"),
    "none_required": ("这里不能写值，请删掉", "takes no value; remove it"),
    "datetime": (
        "要写日期和时间，例如 2026-03-02T09:00:00",
        "must be a date and time, such as 2026-03-02T09:00:00",
    ),
    "date": ("要写日期，例如 2026-03-02，不加引号", "must be a date, such as 2026-03-02, without quotes"),
    "time": ("要写钟点，例如 09:00:00，不加引号", "must be a time, such as 09:00:00, without quotes"),
    "int": ("要写整数，而且不能太大", "must be a whole number, and not so large"),
}
"""By the beginning of the error's type; the longer beginning first."""

_UNITS: dict[str, Words] = {
    "hours": ("小时", "hours"),
    "hour": ("小时", "hours"),
    "days": ("天", "days"),
    "weeks": ("周", "weeks"),
    "week": ("周", "weeks"),
    "yuan": ("元", "yuan"),
    "per_day": ("每天", "per day"),
    "per_hour": ("每小时", "per hour"),
    "per_week": ("每周", "per week"),
}


def _own_words(message: str) -> Words:
    """A validator's own text: Chinese|English, or one text for both."""
    zh, bar, en = message.partition("|")
    return (zh.strip(), en.strip()) if bar else (message, message)


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def _out_of_range(kind: str, context: dict[str, Any], value: Any) -> Words:
    name, sign = _LIMITS[kind]
    limit = context[name]
    bound = _number(limit) if isinstance(limit, int | float) else as_written(limit)
    zh, en = f"必须 {sign} {bound}", f"must be {sign} {bound}"
    if limit == 1 and sign in ("≤", "<") and isinstance(value, int | float) and 2 <= value <= 100:
        share = _number(round(value / 100, 6))
        return f"{zh}；{_number(value)}% 要写成 {share}", f"{en}; write {_number(value)}% as {share}"
    return zh, en


def _not_a_choice(value: Any, choices: list[Any]) -> Words:
    guess = did_you_mean(value, [str(choice) for choice in choices]) if isinstance(value, str) else None
    listed = [as_written(choice) for choice in choices]
    zh, en = f"只能写 {'、'.join(listed)} 之一", f"must be one of {', '.join(listed)}"
    if guess:
        return f"{zh}，是不是 {guess!r}？", f"{en}; did you mean {guess!r}?"
    return zh, en


def _not_a_number(whole: bool, key: str, value: Any) -> Words:
    zh, en = ("要写整数", "must be a whole number") if whole else ("要写数字", "must be a number")
    if isinstance(value, bool):
        return f"{zh}，不是 true 或 false", f"{en}, not true or false"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{zh}，不能是 inf 或 nan", f"{en}, not inf or nan"
    if isinstance(value, float) and value.is_integer():
        return f"{zh}，去掉小数点：{int(value)}", f"{en}, without the decimal point: {int(value)}"
    if isinstance(value, str):
        return _number_in_text(zh, en, key, value.strip())
    return zh, en


def _number_in_text(zh: str, en: str, key: str, text: str) -> Words:
    """What to say about text where a number belongs."""
    try:
        plain = _number(float(text.replace(",", "")))
        return f"{zh}，不加引号：{plain}", f"{en}, without quotes: {plain}"
    except (ValueError, OverflowError):
        pass
    percent = re.fullmatch(r"([-+]?\d+(?:\.\d+)?)\s*[%％]", text)
    if percent:
        share = _number(round(float(percent[1]) / 100, 6))
        return f"{zh}，不写百分号，例如 {share}", f"{en} without a percent sign, such as {share}"
    if re.match(r"[-+]?\d", text):
        unit = next((words for end, words in _UNITS.items() if key.endswith(end)), None)
        zh_unit, en_unit = (f"：{unit[0]}", f": {unit[1]}") if unit else ("", "")
        return (
            f"{zh}，不带单位（单位在键名里{zh_unit}）",
            f"{en} without a unit (the unit is in the key's name{en_unit})",
        )
    return f"{zh}，不是文字", f"{en}, not text"
