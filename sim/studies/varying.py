"""What a sweep varies: keys of the scenario, each with the values it takes or the range they are drawn from.

Written ``PATH=a,b,c`` (values as in TOML), ``PATH=lo:hi:n`` (n values evenly apart, both ends in), or, for a sample,
``PATH=lo:hi``. Everything that is wrong is noted with a checker, for all keys at once.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.options import Checker, toml_value
from sim.problems import Problem, Problems, did_you_mean
from sim.scenario import Scenario

MOST_VALUES = 10_000
"""Values of one key."""
Asked = Sequence[str] | Mapping[str, Any]
"""Texts ``PATH=…``, or path to a list of values or a text."""
Note = tuple[str, str]
"""Something to say aloud, in zh and en."""


class Varied(NamedTuple):
    """One key and where its values come from."""

    path: str
    values: tuple[Any, ...] = ()
    """Its values in order; empty for a range."""
    low: float = math.nan
    high: float = math.nan
    whole: bool = False
    """Whether a range holds whole numbers only."""

    def at(self, u: float) -> Any:
        """The value at a place u in [0, 1): each value, or each whole number of a range, has an equal part of it."""
        if self.values:
            return self.values[int(u * len(self.values))]
        if self.whole:
            return int(self.low) + int(u * (int(self.high) - int(self.low) + 1))
        return float(f"{self.low + u * (self.high - self.low):.10g}")

    @property
    def tried(self) -> tuple[Any, ...]:
        """Values to look at before anything runs: all there are, or the ends of the range."""
        return self.values or (self.at(0.0), int(self.high) if self.whole else self.high)

    @property
    def numeric(self) -> bool:
        """Whether its values have an order and distances."""
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.tried)


@dataclass
class _Reading:
    """The reading of all keys asked for."""

    check: Checker
    scenario: Scenario
    sampled: bool
    there: dict[str, Any]
    notes: list[Note] = field(default_factory=list)

    def wrong(self, written: object, zh: str, en: str) -> None:
        self.check.wrong("vary", written, zh, en)

    def key(self, path: str, said: Any) -> Varied | None:
        """One key; None if there is something wrong, which is noted."""
        numbers = _numbers(said) if isinstance(said, str) else None
        found = self._list(path, said) if numbers is None else self._range(path, f"{path}={said}", *numbers)
        return found if found is not None and self._possible(found) else None

    def _list(self, path: str, said: Any) -> Varied | None:
        listed = _listed(said) if isinstance(said, str) else list(said)
        found = Varied(path, tuple(self._once(path, [self._typed(path, value) for value in listed])))
        if len(found.values) >= 2:
            return found
        self.wrong(
            f"{path}={said}", "至少要写两个不同的值，例如 12,24,48 或 12:48:4",
            "needs two different values at least, such as 12,24,48 or 12:48:4",
        )  # fmt: skip
        return None

    def _range(self, path: str, shown: str, low: float, high: float, count: float | None) -> Varied | None:
        if not low < high or not math.isfinite(high - low):
            self.wrong(shown, "要写两个有限的数，小的在前", "needs two finite numbers, the lower one first")
        elif count is None and self.sampled:
            whole = self._whole(path) and low.is_integer() and high.is_integer()
            return Varied(path, low=low, high=high, whole=whole)
        elif count is None:
            self.wrong(
                shown, "网格设计还要写取几个值（下限:上限:个数）；或改用 --design lhs 抽样",
                "a grid needs the number of values too, lo:hi:n; or sample with --design lhs",
            )  # fmt: skip
        elif not 2 <= count <= MOST_VALUES or not count.is_integer():
            self.wrong(
                shown, f"个数要写 2 到 {MOST_VALUES} 的整数", f"n must be a whole number from 2 to {MOST_VALUES}"
            )
        else:
            step = (high - low) / (count - 1)
            even = [float(f"{low + i * step:.10g}") for i in range(int(count))]
            return Varied(path, tuple(self._rounded(path, even)))
        return None

    def _rounded(self, path: str, even: list[float]) -> list[Any]:
        if not self._whole(path):
            return even
        whole = [round(value) for value in even]
        if [float(value) for value in whole] != even:
            once = list(dict.fromkeys(whole))
            shown = ", ".join(map(str, once[:12])) + (" …" if len(once) > 12 else "")
            self.notes.append(
                (f"{path} 只能是整数，取值已四舍五入：{shown}", f"{path} takes whole numbers only; rounded to {shown}")
            )
            return once
        return list(whole)

    def _once(self, path: str, values: list[Any]) -> list[Any]:
        once = list({repr(value): value for value in values}.values())
        if len(once) < len(values):
            self.notes.append((f"{path} 重复的值只算一次", f"{path}: values named twice count once"))
        return once

    def _whole(self, path: str) -> bool:
        return type(self.there.get(path)) is int

    def _typed(self, path: str, value: Any) -> Any:
        """4.0 for a whole number is 4, and 4 for a number with decimals is 4.0, so that a column has one type."""
        value = value.item() if hasattr(value, "item") else value
        now = self.there.get(path)
        if type(now) is int and isinstance(value, float) and value.is_integer():
            return int(value)
        return float(value) if type(now) is float and type(value) is int else value

    def _possible(self, one: Varied) -> bool:
        """Note what the scenario says of each value by itself; of a key it does not know, once."""
        fine = True
        for value in one.tried:
            found = problems_of(self.scenario, {one.path: value})
            if found and one.path not in self.there:
                self.check.problems += self._unknown(one.path, found)
                return False
            self.check.problems += found
            fine = fine and not found
        return fine and self._there(one.path)

    def _there(self, path: str) -> bool:
        """A table with names of its own takes any name, so a slip of the pen would add, say, a kind of bay."""
        guess = did_you_mean(path, self.there)
        if path in self.there or path.startswith("policies.") or guess is None:
            return True
        self.wrong(path, f"场景里没有这个键，是不是 {guess}？", f"the scenario has no such key, did you mean {guess}?")
        return False

    def _unknown(self, path: str, found: list[Problem]) -> list[Problem]:
        """The scenario's own words, or where the key may be."""
        guess = did_you_mean(path, self.there)
        last = path.rpartition(".")[2]
        homes = [guess] if guess else [known for known in self.there if known.rpartition(".")[2] == last][:4]
        if not homes:
            return found
        zh, en = " 或 ".join(homes), " or ".join(homes)
        return [
            Problem(self.check.asker, None, "--vary", path, f"场景里没有这个键，是不是 {zh}？",
                    f"the scenario has no such key, did you mean {en}?")
        ]  # fmt: skip


def varied(check: Checker, scenario: Scenario, asked: Asked, sampled: bool) -> tuple[tuple[Varied, ...], list[Note]]:
    """Read what is to be varied; problems are noted with ``check``.

    Args:
        asked: ``PATH=…`` texts, or a mapping of path to values (a list, or a text as above).
        sampled: whether values are drawn (``lhs``, ``sobol``), so that a range needs no number of values.

    Returns:
        The keys in order, and what has to be said aloud of them.
    """
    reading = _Reading(check, scenario, sampled, settings_of(scenario))
    pairs: list[tuple[str, Any]] = []
    for one in asked.items() if isinstance(asked, Mapping) else asked:
        path, sign, said = one.partition("=") if isinstance(one, str) else (one[0], "=", one[1])
        if not sign or not path.strip() or (isinstance(said, str) and not said.strip()):
            reading.wrong(one, "要写成 键=值,值 或 键=下限:上限:个数", "must be written KEY=a,b,c or KEY=lo:hi:n")
        elif path.strip() in [known for known, _ in pairs]:
            reading.wrong(path, "这个键写了两次", "this key is varied twice")
        else:
            pairs.append((path.strip(), said))
    if not asked:
        reading.wrong(None, "至少要写一个：键=值,值", "name one key at least: KEY=a,b,c")
    found = [reading.key(path, said) for path, said in pairs]
    return tuple(one for one in found if one is not None), reading.notes


def problems_of(scenario: Scenario, changes: dict[str, Any]) -> list[Problem]:
    """What the scenario could not hold of some changes; empty if it can."""
    try:
        scenario.changed(changes)
    except Problems as found:
        return list(found.problems)
    except TypeError as error:
        return [Problem(scenario.file, None, ", ".join(changes), None, f"场景不能有这样的值：{error}", str(error))]
    return []


def settings_of(scenario: Scenario) -> dict[str, Any]:
    """Every dotted key of a scenario with its value, defaults and all mechanisms included."""
    found: dict[str, Any] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                walk(inner, f"{path}.{key}" if path else str(key))
        else:
            found[path] = value

    walk(scenario.model.model_dump(exclude={"mechanisms"}), "")
    walk({name: kind.model_dump() for name, kind in scenario.mechanisms.items()}, "mechanisms")
    return found


def _numbers(said: str) -> tuple[float, float, float | None] | None:
    """The numbers of ``lo:hi`` or ``lo:hi:n``; None if the text is something else."""
    parts = said.replace("：", ":").split(":")
    try:
        low, high, *rest = [float(part) for part in parts]
    except ValueError:
        return None
    return (low, high, rest[0] if rest else None) if len(rest) < 2 else None


def _listed(said: str) -> list[Any]:
    """``a,b,c`` as values; commas inside brackets and quotes belong to a value."""
    plain = said.replace("，", ",")
    try:
        return list(tomllib.loads(f"values = [{plain}]")["values"])
    except tomllib.TOMLDecodeError:
        return [toml_value(part) for part in plain.split(",") if part.strip()]
