"""Settings from a TOML source: every mistake with its line, in zh and en, with what was likely meant."""

import difflib
from collections.abc import Iterator
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.problems import Problem, Problems
from sim.tomlsource import KeyPath, TomlSource
from sim.units import Settings

T = TypeVar("T", bound=Settings)


def did_you_mean(word: str, choices: list[str] | tuple[str, ...]) -> str | None:
    """The choice that looks most like ``word``."""
    near = difflib.get_close_matches(word, list(choices), 1, 0.6)
    return near[0] if near else None


def validate(
    model: type[T], source: TomlSource, data: dict[str, Any] | None = None, prefix: KeyPath = ()
) -> T:
    """Build a settings object from a source's data (or from the part of it that lies at ``prefix``).

    Raises:
        Problems: everything that is wrong.
    """
    raw = source.data if data is None else data
    problems = list(_wrong_kinds(model, raw, source, prefix, ()))
    try:
        built = model.model_validate(raw)
    except ValidationError as error:
        taken = {problem.key for problem in problems}
        for item in error.errors(include_url=False):
            problem = _translate(model, item, source, prefix)
            if problem.key not in taken:
                problems.append(problem)
        raise Problems(problems) from None
    if problems:
        raise Problems(problems)
    return built


# -- what pydantic would quietly convert ----------------------------------------------------------------------


def _wrong_kinds(
    annotation: Any, value: Any, source: TomlSource, prefix: KeyPath, path: KeyPath
) -> Iterator[Problem]:
    """true for a number, or a number in quotes."""
    kinds = _leaf_kinds(annotation)
    if isinstance(value, dict):
        model = _model_of(annotation)
        for key, item in value.items():
            inner = _field(model, key) if model else _item_annotation(annotation)
            if inner is not None:
                yield from _wrong_kinds(inner, item, source, prefix, (*path, key))
    elif isinstance(value, list):
        inner = _item_annotation(annotation)
        for i, item in enumerate(value):
            yield from _wrong_kinds(inner, item, source, prefix, (*path, i))
    elif kinds and kinds <= {int, float, type(None)} and isinstance(value, bool | str):
        full = (*prefix, *path)
        yield _number_wanted(source, full, value, whole=float not in kinds)
    elif kinds and kinds <= {str, type(None)} and isinstance(value, bool | int | float):
        full = (*prefix, *path)
        yield Problem(
            source.file, source.line_of(full), _dotted(full), repr(value), "要写文字，加引号", "text in quotes is expected"
        )


def _number_wanted(source: TomlSource, path: KeyPath, value: Any, whole: bool) -> Problem:
    kind_zh, kind_en = ("整数", "a whole number") if whole else ("数字", "a number")
    zh, en = f"要写{kind_zh}", f"{kind_en} is expected"
    if isinstance(value, str):
        zh, en = f"{zh}，不加引号，也不带单位（单位在键名里）", f"{en}, without quotes or unit (the unit is in the key)"
    return Problem(source.file, source.line_of(path), _dotted(path), _written(value), zh, en)


# -- pydantic's errors ----------------------------------------------------------------------------------------


def _translate(model: type[BaseModel], item: Any, source: TomlSource, prefix: KeyPath) -> Problem:
    path = _real_path(item["loc"], source, prefix, model)
    full = (*prefix, *path)
    kind, context, value = item["type"], item.get("ctx", {}), item["input"]
    written: str | None = _written(value)
    if kind == "extra_forbidden":
        zh, en = _unknown_key(model, path)
    elif kind == "missing":
        zh, en, written = "缺少这个参数", "this key is missing", None
    elif kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        sign = {"greater_than_equal": "≥", "less_than_equal": "≤", "greater_than": ">", "less_than": "<"}[kind]
        limit = next(iter(context.values()))
        zh, en = f"必须 {sign} {limit:g}", f"must be {sign} {limit:g}"
    elif kind.startswith(("float", "int", "decimal")):
        problem = _number_wanted(source, full, value, whole=kind.startswith("int"))
        zh, en = problem.zh, problem.en
    elif kind == "literal_error":
        zh, en = _choices(context["expected"], value)
    elif kind in ("too_short", "too_long"):
        wanted = context.get("min_length", context.get("max_length"))
        zh = f"要有 {wanted} 项，写了 {context['actual_length']} 项"
        en = f"{wanted} items are expected, {context['actual_length']} are written"
    elif kind == "value_error":
        zh, _, en = str(context["error"]).partition("|")
        en, written = en or zh, None
    elif kind.startswith("bool"):
        zh, en = "要写 true 或 false", "true or false is expected"
    elif kind.startswith(("dict", "model")):
        zh, en = "这里要写一张表", "a table is expected here"
    elif kind.startswith(("list", "tuple")):
        zh, en = "这里要写一个列表，用方括号", "a list in square brackets is expected"
    elif kind.startswith("date"):
        zh, en = "要写日期，例如 2026-03-02", "a date such as 2026-03-02 is expected"
    elif kind.startswith("string"):
        zh, en = "要写文字，加引号", "text in quotes is expected"
    else:
        zh, en = f"不能用这个值（{item['msg']}）", item["msg"]
    return Problem(source.file, source.line_of(full), _dotted(full), written, zh, en)


def _real_path(loc: tuple[Any, ...], source: TomlSource, prefix: KeyPath, model: type[BaseModel]) -> KeyPath:
    """Pydantic puts names of union members into a location; keep only what a reader wrote."""
    return tuple(part for part in loc if not (isinstance(part, str) and part[:1].isupper()))


def _unknown_key(model: type[BaseModel], path: KeyPath) -> tuple[str, str]:
    around: Any = model
    for part in path[:-1]:
        around = _step(around, part)
    here = _model_of(around)
    name = str(path[-1])
    if here is not None:
        guess = did_you_mean(name, list(here.model_fields))
        if guess:
            return f"没有这个参数，是不是 {guess}？", f"no such key, did you mean {guess}?"
    elsewhere = _find_key(model, name, ())
    if elsewhere:
        place = ".".join(elsewhere)
        return f"没有这个参数；它属于 {place}", f"no such key here; it belongs to {place}"
    known = "、".join(list(here.model_fields)[:12]) if here is not None else ""
    return f"没有这个参数（这里有：{known}）", f"no such key (there are: {known.replace('、', ', ')})"


def _find_key(annotation: Any, name: str, path: tuple[str, ...], depth: int = 0) -> tuple[str, ...] | None:
    model = _model_of(annotation)
    if model is None or depth > 4:
        return None
    for key, info in model.model_fields.items():
        if key == name:
            return (*path, key)
        inner = _item_annotation(info.annotation) if get_origin(info.annotation) is dict else info.annotation
        step = (*path, key, "…") if get_origin(info.annotation) is dict else (*path, key)
        found = _find_key(inner, name, step, depth + 1)
        if found:
            return found
    return None


def _choices(expected: str, value: Any) -> tuple[str, str]:
    choices = [part.strip("' ") for part in expected.replace(" or ", ",").split(",")]
    guess = did_you_mean(str(value), choices)
    if guess:
        return f"没有这个选项，是不是 \"{guess}\"？可选：{'、'.join(choices)}", (
            f"no such choice, did you mean \"{guess}\"? There are: {', '.join(choices)}"
        )
    return f"只能是：{'、'.join(choices)}", f"one of: {', '.join(choices)}"


# -- the shape of a schema ------------------------------------------------------------------------------------


def _members(annotation: Any) -> list[Any]:
    """The annotation itself, or the members of a union."""
    if get_origin(annotation) is not None and type(None) in get_args(annotation):
        return [member for member in get_args(annotation) if member is not type(None)]
    return [annotation]


def _bare(annotation: Any) -> Any:
    """Annotated[X, …] and X | None are X."""
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    members = _members(annotation)
    return _bare(members[0]) if len(members) == 1 and members[0] is not annotation else annotation


def _model_of(annotation: Any) -> type[BaseModel] | None:
    bare = _bare(annotation)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _field(model: type[BaseModel], key: str) -> Any:
    info = model.model_fields.get(key)
    return info.annotation if info is not None else None


def _item_annotation(annotation: Any) -> Any:
    bare = _bare(annotation)
    arguments = [item for item in get_args(bare) if item is not Ellipsis]
    return arguments[-1] if arguments else None


def _step(annotation: Any, part: str | int) -> Any:
    model = _model_of(annotation)
    return _field(model, str(part)) if model is not None else _item_annotation(annotation)


def _leaf_kinds(annotation: Any) -> set[type]:
    bare = _bare(annotation)
    return {bare} if bare in (int, float, str) else set()


def _dotted(path: KeyPath) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def _written(value: Any) -> str:
    return "一张表 / a table" if isinstance(value, dict) else repr(value)
