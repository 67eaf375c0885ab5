"""What a sweep will run, put together and checked before anything is run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.cells import TRIED, Cell
from sim.keys import run_key
from sim.options import Checker
from sim.problems import Problem, Problems
from sim.replication import Task
from sim.scenario import Scenario
from sim.studies.designs import POINTS_A_KEY, grid_size, points, usual_samples
from sim.studies.varying import Note, Varied

MOST_CELLS = 100_000
MOST_TOLD = 200
"""Problems after which no further cell is looked at."""


@dataclass(frozen=True)
class Plan:
    """Cells of a sweep, all of them possible."""

    varied: tuple[Varied, ...]
    design: str
    baseline: str
    policies: tuple[str, ...]
    """Policies without the baseline."""
    points: tuple[dict[str, Any], ...]
    """Key to value, a cell each."""
    notes: tuple[Note, ...]
    """What has to be said aloud, in zh and en."""

    def noted(self, notes: Sequence[Note]) -> "Plan":
        """The same plan with more to say aloud first."""
        return replace(self, notes=(*notes, *self.notes))

    def cell(self, scenario: Scenario, policy: str, number: int) -> Cell:
        """A cell under a policy."""
        return cell_of(scenario, policy, self.points[number])

    def runs(self, replications: int) -> int:
        """Runs in all."""
        return len(self.points) * (1 + len(self.policies)) * replications


def cell_of(scenario: Scenario, policy: str, point: dict[str, Any]) -> Cell:
    """A policy with keys changed; ``policies.P.settings.M.K`` is a setting of P's mechanism M and concerns P alone."""
    own, changes = f"policies.{policy}.settings.", {}
    cell = Cell.of(scenario, policy)
    for key, value in point.items():
        if key.startswith(own) and key.count(".") >= 4:
            mechanism, setting = key.removeprefix(own).split(".", 1)
            cell = cell.with_settings(mechanism, {setting: value})
        else:
            changes[key] = value
    return cell.with_changes(changes)


def plan(
    scenario: Scenario, varied: Sequence[Varied], policies: Sequence[str], design: str = "grid",
    samples: int | None = None, seed: int | None = None,
) -> Plan:  # fmt: skip
    """Put a sweep together.

    Args:
        varied: as :func:`sim.studies.varying.varied` reads them.
        policies: policies run beside the baseline.
        samples: points of ``lhs`` or ``sobol``; ten a key if left out, for ``sobol`` the next power of two.
        seed: of the sample; the scenario's if left out.

    Raises:
        Problems: everything the scenario could not hold in any cell, and keys that nothing would read.
    """
    check = Checker("sim sweep")
    notes: list[Note] = []
    count = usual_samples(design, len(varied)) if samples is None else samples
    if design == "sobol" and count & (count - 1):
        count = 1 << (count - 1).bit_length()
        notes.append(
            (f"Sobol 点数要是 2 的幂，改用 {count} 个", f"Sobol' points come in powers of two; {count} are used")
        )
    if design != "grid" and count < POINTS_A_KEY * len(varied):
        least = POINTS_A_KEY * len(varied)
        notes.append((f"{count} 个点偏少，建议至少 {least} 个（每个键 {POINTS_A_KEY} 个）",
                      f"{count} points are few; at least {least} are advised ({POINTS_A_KEY} a key)"))  # fmt: skip
    asked = grid_size(varied) if design == "grid" else count
    if asked > MOST_CELLS:
        zh = f"情形太多，最多 {MOST_CELLS:,} 个；请少取几个值，或用 --design lhs 抽样"
        en = f"too many cells, {MOST_CELLS:,} at most; take fewer values, or sample with --design lhs"
        check.wrong("vary", f"{asked:,}", zh, en)
        check.done()
    found = points(varied, design, count, scenario.study.seed if seed is None else seed)
    if len(found) < asked:
        notes.append((f"取整后有重复，{asked} 个情形合并为 {len(found)} 个",
                      f"some of the {asked} cells are equal; {len(found)} are left"))  # fmt: skip
    check.problems += _impossible(scenario, (scenario.baseline, *policies), found)
    check.done()
    notes += _read_by_nobody(check, scenario, (scenario.baseline, *policies), varied, found)
    check.done()
    return Plan(tuple(varied), design, scenario.baseline, tuple(policies), tuple(found), tuple(notes))


def _impossible(scenario: Scenario, policies: Sequence[str], found: Sequence[dict[str, Any]]) -> list[Problem]:
    """What no cell may be, each thing once."""
    problems: dict[tuple[str, str | None, str], Problem] = {}
    for point in found:
        # settings of a policy's own are the only thing in which cells of a point differ
        cells = {cell.key: cell for policy in policies if (cell := cell_of(scenario, policy, point))}
        for number, cell in enumerate(cells.values()):
            if number and not cell.settings:
                continue
            try:
                cell.scenario(scenario)
            except Problems as wrong:
                problems |= {(one.key, one.written, one.en): one for one in wrong.problems}
        if len(problems) > MOST_TOLD:
            break
    return list(problems.values())


def _read_by_nobody(
    check: Checker, scenario: Scenario, policies: Sequence[str], varied: Sequence[Varied],
    found: Sequence[dict[str, Any]],
) -> Iterator[Note]:  # fmt: skip
    """Keys that change no run of any policy are refused; those that change only some policies' runs are told of."""
    for one in varied:
        silent = [policy for policy in policies if not _read(scenario, policy, one, found[0])]
        if len(silent) == len(policies):
            check.wrong("vary", one.path, *_unread(scenario, one.path, policies))
        elif silent:
            zh, en = "、".join(silent), ", ".join(silent)
            yield (
                f"{one.path} 在 {zh} 下没有人读，这些方案不随它变化",
                f"nobody reads {one.path} under {en}: no change there",
            )


def _read(scenario: Scenario, policy: str, one: Varied, point: dict[str, Any]) -> bool:
    """Whether two values of a key make two different runs."""
    keys = set()
    for value in one.tried:
        try:
            changed = cell_of(scenario, policy, point | {one.path: value}).scenario(scenario)
        except Problems:  # not a cell of the sample: nothing to learn from it
            continue
        keys.add(run_key(Task(changed, TRIED, 0, 0, 1)))
        if len(keys) > 1:
            return True
    return len(keys) == 0


def _unread(scenario: Scenario, path: str, policies: Sequence[str]) -> Note:
    """Why a sweep over a key would be flat, and what to do instead."""
    zh = f"在这些方案（{'、'.join(policies)}）下没有人读它，结果不会变化"
    en = f"nobody reads this under {', '.join(policies)}: the sweep would be flat"
    top, _, rest = path.partition(".")
    if top == "mechanisms":
        mechanism, _, key = rest.partition(".")
        own = [name for name in policies if key in scenario.model.policies[name].settings.get(mechanism, {})]
        using = [name for name, policy in scenario.policies.items() if mechanism in policy.mechanisms]
        if own:
            instead = f"policies.{own[0]}.settings.{mechanism}.{key}"
            return (
                f"{zh}；方案 {own[0]} 有自己的值，请改写 {instead}",
                f"{en}; {own[0]} has a value of its own: vary {instead}",
            )
        if using:
            return (
                f"{zh}；用到它的方案：{'、'.join(using)}（--policies）",
                f"{en}; policies that use it: {', '.join(using)} (--policies)",
            )
        return f"{zh}；场景里没有方案用这个机制", f"{en}; no policy of the scenario uses this mechanism"
    if path in ("study.weeks", "study.replications", "study.seed"):
        option = f"--{path.partition('.')[2]}"
        return f"{zh}；请用 {option}", f"{en}; use {option}"
    return f"{zh}；请换一个键", f"{en}; vary another key"
