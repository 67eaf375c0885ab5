"""Trust between each two departments: moved by promises kept and broken, blame, help and habits; lost with a head."""

from itertools import combinations
from typing import Literal, get_args

from sim.mechanism import Mechanism
from sim.units import HOURS_PER_WEEK, Settings, Share, Weeks, given
from sim.waiting import later
from sim.world import World

DEPARTMENTS = ("service", "parts", "workshop", "sales", "support", "finance")
Department = Literal["service", "parts", "workshop", "sales", "support", "finance"]


class Departure(Settings):
    """A head of department leaves."""

    department: Department = given(source="user")
    """Whose head."""
    week: Weeks = given(source="user")
    """Week after the policies start, whole weeks."""
    vacant_weeks: Weeks = given(4, source="A-117", span=(0, 13), why="until a successor has learnt what is his")
    """Weeks until a successor keeps up what the head kept up."""
    lapse_share: Share = given(
        0.3, source="A-118", span=(0, 1), why="a rule whose owner is gone is kept on most days, by custom"
    )
    """Share of those days on which a mechanism of that head is not kept up."""


Habit = Literal[
    "blame_in_public", "over_the_head", "take_without_giving", "customer_as_club", "copy_the_boss",
]  # fmt: skip
"""The article's five habits that poison cooperation."""


HABITS: tuple[Habit, ...] = get_args(Habit)


class HabitSettings(Settings):
    """How often each habit shows, where there is an occasion for it. All 0: nobody has them."""

    blame_in_public: Share = given(0.0, source="user")
    """Share of disputes in which one blames the other in front of all."""
    over_the_head: Share = given(0.0, source="user")
    """Share of disputes taken straight to the other's boss, without a word to the other."""
    take_without_giving: Share = given(0.0, source="user")
    """Share of favours after which nothing comes back."""
    customer_as_club: Share = given(0.0, source="user")
    """Share of urgent requests put as "the customer wants it, you must"."""
    copy_the_boss: Share = given(0.0, source="user")
    """Share of first meetings on a dispute after a mail with both bosses in copy."""
    public_step: Share = given(0.06, source="A-141", span=(0.02, 0.15), why="a public scene weighs three quarrels")
    """Loss of trust by a blame in public."""
    over_step: Share = given(0.05, source="A-142", span=(0.02, 0.12), why="the article: 对方会防着你")
    """Loss of trust by going over a head."""
    taking_step: Share = given(0.01, source="A-143", span=(0.002, 0.03), why="as much as help would have brought")
    """Loss of trust by a favour never returned."""
    club_step: Share = given(0.01, source="A-144", span=(0.002, 0.03), why="each time a little")
    """Loss of trust by using the customer as a club."""
    copy_step: Share = given(0.03, source="A-145", span=(0.01, 0.08), why="the article: felt as a threat")
    """Loss of trust by copying the boss."""
    club_refused: Share = given(0.3, source="A-146", span=(0, 0.6), why="the article: the other finds a way to refuse")
    """Share by which the willingness to help falls when the customer is used as a club."""

    def step(self, habit: Habit) -> float:
        """Loss of trust by one occasion of a habit."""
        return {
            "blame_in_public": self.public_step,
            "over_the_head": self.over_step,
            "take_without_giving": self.taking_step,
            "customer_as_club": self.club_step,
            "copy_the_boss": self.copy_step,
        }[habit]


class TrustSettings(Settings):
    """How trust moves, as a share of the distance left to 1 (up) or to 0 (down)."""

    at_start: Share = given(0.5, source="A-110", span=(0.3, 0.7), why="neither friends nor enemies")
    """Trust at the beginning."""
    newcomer: Share = given(0.35, source="A-111", span=(0.2, 0.5), why="a new head knows nobody")
    """Trust after a head has left."""
    kept_step: Share = given(0.0004, source="A-112", span=(0.0001, 0.002), why="hundreds of small kept promises a week")
    """Gain by a promise kept."""
    broken_step: Share = given(
        0.002, source="A-113", span=(0.0005, 0.01), why="one broken promise undoes five kept ones"
    )
    """Loss by a promise broken."""
    blamed_step: Share = given(0.02, source="A-114", span=(0.005, 0.05), why="a dispute is remembered")
    """Loss by being blamed in a dispute."""
    helped_step: Share = given(0.01, source="A-115", span=(0.002, 0.03), why="a favour is remembered too")
    """Gain by help beyond duty."""
    met_step: Share = given(
        0.004, source="A-116", span=(0.0, 0.02), why="input: what an hour at one table does; nobody has measured it"
    )
    """Gain by an hour of a meeting that is no quarrel."""
    departures: tuple[Departure, ...] = given((), source="user")
    """Heads of department who leave."""
    habits: HabitSettings = given(factory=HabitSettings, source="definition")
    """The five habits; none by default."""


class Trust:
    """Trust of each pair, 0 to 1."""

    def __init__(self, world: World, settings: TrustSettings) -> None:
        self._world = world
        self._settings = settings
        self._value = {frozenset(pair): settings.at_start for pair in combinations(DEPARTMENTS, 2)}
        self._habit_rolls = {habit: world.chance.column("trust.habit", None, habit) for habit in HABITS}
        for leaving in settings.departures:
            at = world.switch_at + leaving.week * HOURS_PER_WEEK
            later(world.env, at, lambda who=leaving.department: self._head_leaves(who))  # type: ignore[misc]
        if settings.departures:
            world.desk.lapsed = self._lapsed

    def between(self, one: str, other: str) -> float:
        """Trust between two departments."""
        return self._value[frozenset((one, other))]

    def kept(self, one: str, other: str) -> None:
        """A promise was kept."""
        self._up(one, other, self._settings.kept_step)

    def broken(self, one: str, other: str) -> None:
        """A promise was broken."""
        self._down(one, other, self._settings.broken_step)

    def blamed(self, one: str, other: str) -> None:
        """One blamed the other."""
        self._down(one, other, self._settings.blamed_step)

    def helped(self, one: str, other: str) -> None:
        """One helped the other."""
        self._up(one, other, self._settings.helped_step)

    def met(self, one: str, other: str, hours: float) -> None:
        """They sat at one table for some hours."""
        self._up(one, other, 1 - (1 - self._settings.met_step) ** hours)

    def habit_shows(self, habit: Habit, visit: int) -> bool:
        """Whether a habit shows on this occasion; the same luck under every policy."""
        share: float = getattr(self._settings.habits, habit)
        return share > 0 and self._habit_rolls[habit][visit] < share

    def poisoned(self, one: str, other: str, habit: Habit) -> None:
        """One showed the other a habit that poisons."""
        self._down(one, other, self._settings.habits.step(habit))
        self._world.log.write(self._world.now, "habit", -1, f"{one}-{other}", 0.0, habit)

    @property
    def club_refused(self) -> float:
        """Share by which willingness falls when the customer is used as a club."""
        return self._settings.habits.club_refused

    def note(self) -> None:
        """Log where trust stands."""
        for pair, value in self._value.items():
            self._world.log.write(self._world.now, "trust", -1, "-".join(sorted(pair)), value)

    def _up(self, one: str, other: str, step: float) -> None:
        pair = frozenset((one, other))
        self._value[pair] += step * (1 - self._value[pair])

    def _down(self, one: str, other: str, step: float) -> None:
        pair = frozenset((one, other))
        self._value[pair] -= step * self._value[pair]

    def _lapsed(self, mechanism: Mechanism) -> bool:
        """Whether nobody keeps the mechanism up today; one roll a day and mechanism."""
        now, name = self._world.now, type(mechanism).__name__
        for leaving in self._settings.departures:
            gone = self._world.switch_at + leaving.week * HOURS_PER_WEEK
            if leaving.department == mechanism.owner and gone <= now < gone + leaving.vacant_weeks * HOURS_PER_WEEK:
                roll = self._world.chance.column("trust.lapse", None, name)[int(now // 24)]
                return roll < leaving.lapse_share
        return False

    def _head_leaves(self, who: str) -> None:
        for pair in self._value:
            if who in pair:
                self._value[pair] = min(self._value[pair], self._settings.newcomer)
