"""What the commands of studies share: options, a runner with the folder's store, and the end."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.folder import trouble, whole
from sim.commands.remembering import tell_stale
from sim.commands.terminal import aligned, ends_well, lang_option, progress_bar, workers_options

if TYPE_CHECKING:
    from sim.options import Checker
    from sim.runner import Runner
    from sim.scenario import Scenario
    from sim.studies.result import StudyResult


def study_options(replications: int | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """SCENARIO, ``--replications --weeks --seed --workers --cluster --out --json --lang``.

    The command gets them as ``scenario``, ``lang``, ``out``, ``as_json`` and, as texts to be checked, in ``**asked``.

    Args:
        replications: their default number; left out, the scenario's.
    """
    options: list[Callable[[Callable[..., Any]], Callable[..., Any]]] = [
        click.argument("scenario", metavar="SCENARIO"),
        click.option(
            "--replications", metavar="N", default=None if replications is None else str(replications),
            show_default=replications is not None, help="每种情形的重复次数 / replications of each cell",
        ),
        click.option("--weeks", metavar="W", help="预热后计多少周 / weeks counted after the warm-up"),
        click.option("--seed", metavar="S", help="随机种子 / seed"),
        workers_options,
        click.option("--out", metavar="DIR", help="结果文件夹，默认 results/<场景名> / results folder"),
        click.option("--json", "as_json", is_flag=True, help="在标准输出写 JSON / write JSON to stdout"),
        lang_option,
    ]  # fmt: skip

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@dataclass
class Asked:
    """A study command's common options, checked as far as they stand by themselves."""

    check: "Checker"
    found: "Scenario | None"
    """The scenario; None if it has problems, which ``check`` holds."""
    folder: Path
    replications: int
    weeks: int
    seed: int
    workers: int
    cluster: str | None
    lang: str
    as_json: bool

    @property
    def scenario(self) -> "Scenario":
        """The scenario, once ``check.done()`` let it pass."""
        assert self.found is not None
        return self.found

    @contextlib.contextmanager
    def runner(self) -> Iterator["Runner"]:
        """A runner that remembers in the folder and shows its progress; call ``check.done()`` first."""
        from sim.engine.executors import pool
        from sim.engine.store import RunStore
        from sim.runner import Runner
        from sim.words import text

        with progress_bar(text("running", self.lang)) as show, RunStore(self.folder) as store:
            tell_stale(store, self.lang)
            with pool(self.workers, self.cluster) as where:
                yield Runner(self.scenario, self.seed, self.weeks, where, store, show)

    def finish(self, result: "StudyResult") -> None:
        """Write the results folder as a whole, and print: JSON alone on stdout if asked, else table and findings."""
        from sim.words import text

        with whole(self.folder, f"{result.name}.json") as unfinished:
            result.save(unfinished)
        if self.as_json:
            click.echo(result.json())
        for line in result.about.warnings(self.lang):
            click.echo(click.style(line, fg="red"), err=True)
        head, body = result.shown(self.lang)
        for part in (aligned(head, body), "", result.answer(self.lang).replace("−", "-"), ""):
            click.echo(part, err=self.as_json)
        click.echo(result.about.note(self.lang), err=self.as_json)
        click.echo(text("written_to", self.lang, folder=self.folder), err=self.as_json)


@contextlib.contextmanager
def asked_of(
    command: str, name: str, scenario: str, lang: str, out: str | None, as_json: bool, asked: dict[str, str | None],
    replications: int | None = None, fewest: int = 2, files: Sequence[str] = (),
) -> Iterator[Asked]:  # fmt: skip
    """A study command from its options to its exit code.

    Args:
        command: its name, such as ``sweep``.
        name: ``StudyResult.name`` of what it makes.
        replications: their number where neither the user nor the scenario says.
        fewest: replications it cannot do without.
        files: further names of files it writes.
    """
    with ends_well(lang):
        import os

        from sim.options import Checker

        check = Checker(f"sim {command}")
        found = check.scenario(scenario)
        folder = Path(out) if out else Path("results", Path(scenario).stem)
        names = [f"{name}.csv", f"{name}.xlsx", f"{name}.md", f"{name}.json", *files]
        wrong = trouble(folder, names, f"{name}.json")
        if wrong:
            check.wrong("out", str(folder), *wrong)
        study = found.study if found else None
        usual = replications or (study.replications if study else fewest)
        yield Asked(
            check, found, folder,
            check.whole("replications", asked.get("replications"), usual, low=fewest),
            check.whole("weeks", asked.get("weeks"), study.weeks if study else 1),
            check.whole("seed", asked.get("seed"), study.seed if study else 0, low=0),
            check.whole("workers", asked.get("workers"), os.cpu_count() or 1),
            asked.get("cluster"), lang, as_json,
        )  # fmt: skip
