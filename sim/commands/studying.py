"""What the commands of studies share: options, a runner with the folder's store, and the end."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.folder import trouble, whole
from sim.commands.remembering import tell_stale
from sim.commands.terminal import aligned, ends_well, lang_option, progress_bar, workers_options

if TYPE_CHECKING:
    from sim.options import Checker
    from sim.runner import Progress, Runner
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
    folder: Path | None
    """Where runs are remembered and results written; None: nowhere."""
    replications: int
    weeks: int
    seed: int
    workers: int
    cluster: str | None
    lang: str = "zh"
    as_json: bool = False
    progress: "Progress | None" = None
    """Told of progress in place of a bar in the terminal."""

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

        with contextlib.ExitStack() as stack:
            show = self.progress or stack.enter_context(progress_bar(text("running", self.lang)))
            store = stack.enter_context(RunStore(self.folder)) if self.folder is not None else None
            if store is not None:
                tell_stale(store, self.lang)
            where = stack.enter_context(pool(self.workers, self.cluster))
            yield Runner(self.scenario, self.seed, self.weeks, where, store, show)

    def finish(self, result: "StudyResult") -> None:
        """Write the results folder as a whole, and print: JSON alone on stdout if asked, else table and findings."""
        from sim.words import text

        assert self.folder is not None
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
        study = checked(f"sim {command}", scenario, asked, replications, fewest)
        study.lang, study.as_json = lang, as_json
        folder = study.folder = Path(out) if out else Path("results", Path(scenario).stem)
        names = [f"{name}.csv", f"{name}.xlsx", f"{name}.md", f"{name}.json", *files]
        wrong = trouble(folder, names, f"{name}.json")
        if wrong:
            study.check.wrong("out", str(folder), *wrong)
        yield study


def checked(
    asker: str, scenario: "str | Path | Scenario", asked: Mapping[str, Any], replications: int | None = None,
    fewest: int = 2,
) -> Asked:  # fmt: skip
    """What a study is asked for, by a command or from Python; problems are noted, not yet raised.

    Args:
        asked: replications, weeks, seed, workers, cluster; what is missing is as the scenario says.
        replications: their number where neither the user nor the scenario says.
    """
    import os

    from sim.options import Checker

    check = Checker(asker)
    found = check.scenario(scenario)
    study = found.study if found else None
    usual = replications or (study.replications if study else fewest)
    return Asked(
        check, found, None,
        check.whole("replications", asked.get("replications"), usual, low=fewest),
        check.whole("weeks", asked.get("weeks"), study.weeks if study else 1),
        check.whole("seed", asked.get("seed"), study.seed if study else 0, low=0),
        check.whole("workers", asked.get("workers"), os.cpu_count() or 1),
        asked.get("cluster"),
    )  # fmt: skip
