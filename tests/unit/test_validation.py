"""Every mistake in a scenario is found at once and told in words, with its line and what was likely meant."""

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

import sim.validation
from sim.problems import Problems
from sim.tomlsource import TomlSource, read_toml
from sim.units import Count, Days, Settings, Share, given
from sim.validation import validate


class Law(Settings):
    """A toy law."""

    shape: Literal["constant", "gamma", "lognormal"] = given("constant", source="definition")
    mean: Annotated[float, Field(ge=0, lt=100)] = given(source="definition")


class Family(Settings):
    """A toy part family."""

    skus: Annotated[int, Field(ge=1)] = given(source="definition")
    lead_time_days: Days = given(1, source="definition")
    price: Law = given(factory=lambda: Law(mean=1), source="definition")
    covered_share: Share = given(0.5, source="definition")


class File(Settings):
    """A toy file."""

    file: str = given(source="user")
    needs_two: tuple[float, ...] = given((1, 2), source="user")

    @field_validator("needs_two")
    @classmethod
    def _two(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) != 2:
            raise PydanticCustomError("two", "要写两个数|write two numbers")
        return value


class Toy(Settings):
    """A toy scenario with every kind of nesting."""

    seed: int = given(1, source="definition")
    open: bool = given(True, source="definition")
    first_day: dt.date = given(dt.date(2026, 3, 2), source="calendar")
    families: dict[str, Family] = given(factory=dict, source="definition")
    files: tuple[File, ...] = given((), source="definition")
    laws: list[Law] = given(factory=list, source="definition")
    sales: Law | None = given(None, source="definition")
    bays: dict[str, Count | None] = given(factory=dict, source="definition")
    weights: Annotated[tuple[float, ...], Field(min_length=2, max_length=3)] = given((1, 1), source="user")
    low: float = given(1, source="definition")
    high: float = given(2, source="definition")
    anything: dict[str, dict[str, Any]] = given(factory=dict, source="user")

    @model_validator(mode="after")
    def _check(self) -> "Toy":
        if self.low > self.high:
            raise ValueError("low 要小于 high|low must be below high")
        return self


@pytest.fixture
def problems(tmp_path):
    """The problems with a TOML text."""

    def read(text):
        path = tmp_path / "toy.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(Problems) as caught:
            validate(Toy, read_toml(path))
        return caught.value.problems

    return read


@pytest.fixture
def problem(problems):
    """The only problem with a TOML text."""

    def read(text):
        (only,) = problems(text)
        return only

    return read


def test_a_good_file_becomes_settings(tmp_path):
    path = tmp_path / "toy.toml"
    path.write_text(
        "low = 1\nfirst_day = 2026-05-04\nbays.lift = 3\nweights = [1, 2.5]\n[families.oil]\nskus = 4\n"
        "[[files]]\nfile = 'a'\n[anything.x]\ndeep = [1, 'b', { c = true }]\n",
        encoding="utf-8",
    )
    toy = validate(Toy, read_toml(path))
    assert toy.first_day == dt.date(2026, 5, 4)
    assert (toy.low, toy.weights, toy.bays) == (1.0, (1.0, 2.5), {"lift": 3})
    assert (toy.families["oil"].skus, toy.files[0].file) == (4, "a")
    assert toy.anything == {"x": {"deep": [1, "b", {"c": True}]}}


def test_all_mistakes_are_found_at_once_in_the_order_of_the_file(problems):
    found = problems("sede = 5\nopen = 'yes'\n[families.oil]\nskus = 0\nlead_time_days = '14 days'\n")
    assert {(p.line, p.key) for p in found} == {
        (1, "sede"),
        (2, "open"),
        (4, "families.oil.skus"),
        (5, "families.oil.lead_time_days"),
    }


def test_nothing_of_pydantic_is_shown(problems):
    found = problems("sede = 5\nopen = 'yes'\nlow = 'x'\nweights = [1]\nfiles = 3\nlaws = [{ mean = -1 }]\n")
    text = "".join(problem.zh + problem.en + str(problem.written) for problem in found)
    assert len(found) == 6
    for raw in ("Input should", "pydantic", "type=", "Value error", "Extra inputs", "Toy"):
        assert raw not in text


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ("sede = 5", "sede", "seed"),
        ("[families.oil]\nskus = 1\nlead_time_hours = 3", "families.oil.lead_time_hours", "lead_time_days"),
        (
            "[families.oil]\nskus = 1\nprice = { mean = 1, shap = 'gamma' }",
            "families.oil.price.shap",
            "shape",
        ),
        ("[[files]]\nfile = 'a'\n[[files]]\nfile = 'b'\nneed_two = 1", "files.1.need_two", "needs_two"),
        ("laws = [{ mean = 1, sahpe = 1 }]", "laws.0.sahpe", "shape"),
        ("[sales]\nmean = 1\nshapes = 'gamma'", "sales.shapes", "shape"),
    ],
)
def test_an_unknown_key_is_guessed_from_the_keys_beside_it(problem, text, key, meant):
    found = problem(text)
    assert found.key == key
    assert f"是不是 {meant}？" in found.zh
    assert f"did you mean {meant}?" in found.en
    assert found.line == text.count("\n") + 1


def test_an_unknown_key_that_belongs_elsewhere_is_sent_there(problem):
    found = problem("covered_share = 0.3")
    assert "families.*.covered_share" in found.zh
    assert "families.*.covered_share" in found.en


def test_an_unknown_key_like_nothing_else_lists_what_may_be_written(problem):
    assert "mean、shape" in problem("[sales]\nmean = 1\nzebra = 2").zh


def test_an_unknown_table_is_not_printed(problem):
    assert problem("[zebra]\na = 1").written is None


def test_a_missing_key_names_its_table(problem):
    found = problem("seed = 1\n[families.oil]\nlead_time_days = 3")
    assert (found.key, found.line, found.written) == ("families.oil.skus", 2, None)
    assert "families.oil" in found.zh


def test_a_misspelt_key_is_not_also_told_as_missing(problem):
    assert problem("[families.oil]\nsku = 3").key == "families.oil.sku"


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("low = '14 days'", "要写数字，不带单位（单位在键名里"),
        ("[families.oil]\nskus = 1\nlead_time_days = '48 h'", "（单位在键名里：天）"),
        ("low = '5'", "不加引号：5"),
        ("low = '15%'", "例如 0.15"),
        ("low = 'much'", "要写数字，不是文字"),
        ("low = true", "要写数字，不是 true 或 false"),
        ("seed = true", "要写整数，不是 true 或 false"),
        ("seed = 1.5", "要写整数"),
        ("seed = 5.0", "去掉小数点：5"),
        ("bays.lift = false", "要写整数，不是 true 或 false"),
        ("weights = [1, true]", "要写数字"),
        ("low = inf", "inf"),
        ("low = [1]", "要写数字"),
        ("open = 1", "true 或 false"),
        ("open = 'true'", "true 或 false"),
        ("first_day = 'soon'", "2026-03-02"),
        ("first_day = 20260302", "2026-03-02"),
        ("files = [{ file = 3 }]", "要写文字"),
        ("weights = 1", "方括号"),
        ("[files]\nfile = 'a'", "[[files]]"),
        ("sales = 14", "{ mean = …, shape = … }"),
        ("families = 3", "要写成一个表"),
    ],
)
def test_a_wrong_type_says_what_to_write(problem, text, zh):
    assert zh in problem(text).zh


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("[families.oil]\nskus = 0", "必须 ≥ 1", "must be ≥ 1"),
        ("sales = { mean = 100 }", "必须 < 100", "must be < 100"),
        ("bays.lift = 2_000_000", "必须 ≤ 1000000", "must be ≤ 1000000"),
        (
            "[families.oil]\nskus = 1\ncovered_share = 85",
            "必须 ≤ 1；85% 要写成 0.85",
            "must be ≤ 1; write 85% as 0.85",
        ),
        ("[families.oil]\nskus = 1\ncovered_share = 1.2", "必须 ≤ 1", "must be ≤ 1"),
        ("weights = [1]", "至少要有 2 项，现在是 1 项", "needs at least 2 items, has 1"),
        ("weights = [1, 2, 3, 4]", "最多 3 项，现在是 4 项", "takes at most 3 items, has 4"),
    ],
)
def test_a_value_out_of_range_names_the_limit(problem, text, zh, en):
    found = problem(text)
    assert (found.zh, found.en) == (zh, en)


def test_a_wrong_choice_lists_the_choices_and_guesses(problem):
    found = problem("[sales]\nmean = 1\nshape = 'lognormall'")
    assert found.zh == "只能写 'constant'、'gamma'、'lognormal' 之一，是不是 'lognormal'？"
    assert found.line == 3


def test_a_validator_speaks_both_languages(problem):
    found = problem("low = 3\nhigh = 2")
    assert (found.zh, found.en) == ("low 要小于 high", "low must be below high")
    assert found.written is None


def test_an_error_type_of_our_own_passes_through(problem):
    found = problem("[[files]]\nfile = 'a'\nneeds_two = [1, 2, 3]")
    assert (found.zh, found.en, found.line) == ("要写两个数", "write two numbers", 3)


def test_a_part_of_a_file_has_its_full_key_and_its_line(tmp_path):
    path = tmp_path / "toy.toml"
    path.write_text("[mechanisms.board]\nmean = -1\nzebra = 1\n", encoding="utf-8")
    source = read_toml(path)
    with pytest.raises(Problems) as caught:
        validate(Law, source, source.data["mechanisms"]["board"], ("mechanisms", "board"))
    assert {(p.key, p.line) for p in caught.value.problems} == {
        ("mechanisms.board.mean", 2),
        ("mechanisms.board.zebra", 3),
    }


def test_data_from_a_notebook_may_hold_numpy_numbers_but_no_strangers():
    changed = TomlSource("toy", {"seed": np.int64(3), "low": np.float64(0.5), "weights": np.array([1.0, 2.0])})
    toy = validate(Toy, changed)
    assert (toy.seed, toy.low, toy.weights) == (3, 0.5, (1.0, 2.0))
    with pytest.raises(TypeError, match="object"):
        validate(Toy, TomlSource("toy", {"seed": object()}))


def test_validation_stays_light():
    code = "import sim.validation, sys; print({'pandas', 'scipy', 'matplotlib'} & set(sys.modules))"
    folder = Path(sim.validation.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder)
    assert run.stdout.strip() == "set()"
