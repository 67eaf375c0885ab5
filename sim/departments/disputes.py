"""Disputes: what starts one, who meets when, who may settle it, and what stands still meanwhile.

Each meeting settles with the same chance in both worlds, if the stake is within the authority of those who meet.
Ad hoc the next meeting comes when people find the time, and a claim goes up only when somebody loses patience. A
limit on each level makes them meet by then, and raises by itself what they leave unsettled.
"""

import math
from collections.abc import Callable
from typing import Annotated

from pydantic import Field, model_validator

from sim.calendar import Calendar
from sim.distributions import Distribution, lognormal
from sim.things import CLAIM_KINDS, Claim, ClaimKind
from sim.units import Hours, Ratio, Settings, Share, Yuan, given
from sim.views import ClaimView
from sim.waiting import Flag, Story, until
from sim.world import Trusting, World

DIRECTOR = 3
NO_LIMIT_HOURS = 8784.0
"""A limit of a leap year or more is none."""
SHORTEST_GAP_HOURS = 1 / 60
"""Between two meetings on a claim: a law that may answer 0 would let people meet for ever at one moment."""
SHORTEST_MEAN_GAP_HOURS = 0.25
"""Least mean of that law."""


class DisputeSettings(Settings):
    """Triggers, meetings and authority."""

    broken_promise_share: Share = given(
        0.12, source="A-95", span=(0.03, 0.3), why="promises broken over which departments fall out"
    )
    """Chance that a promise that passes unmet for want of a part or a bay starts a dispute."""
    car_share: Share = given(0.08, source="A-96", span=(0.0, 0.3), why="refusals that service does not take")
    """Chance that a refused loan, with a car standing there, starts a dispute."""
    urgent_share: Share = given(0.25, source="A-97", span=(0.1, 0.6), why="an urgent part refused is taken badly")
    """Chance that a refused urgent part starts a dispute."""
    goodwill_limit_yuan: Yuan = given(1500.0, source="A-98", span=(500, 5000), why="what a service manager signs alone")
    """Goodwill above this has no owner and starts a dispute over who pays."""
    stake_yuan: Distribution = given(
        lognormal(1500, 1.5), source="A-99", span=(500, 4000), why="a few are about real money"
    )
    """What a dispute is about, yuan; goodwill disputes are about the goodwill."""
    authority_yuan: tuple[Yuan, Yuan] = given(
        (3000.0, 15000.0), source="A-100", why="what supervisors and managers may settle; the director may settle all"
    )
    """Largest stake that level 1 and level 2 may settle."""
    meeting_settles_share: Share = given(0.55, source="A-101", span=(0.3, 0.85), why="same chance in both worlds")
    """Chance that a meeting within its authority settles the claim; a director always decides."""
    meeting_gap_hours: Distribution = given(
        lognormal(18.0, 1.2),
        source="fitted",
        read_by="baseline",
        span=(4, 60),
        why="A-102: knob of the calibration; until both sides find time, heavy-tailed",
    )
    """Office hours between meetings, ad hoc, at trust 0.5; longer with less trust."""
    patience_hours: Distribution = given(
        lognormal(60.0, 1.2),
        source="A-103",
        read_by="baseline",
        span=(20, 150),
        why="a week or two before somebody goes up",
    )
    """Office hours until somebody takes an unsettled claim a level up, ad hoc."""
    remedy_hours: Distribution = given(
        lognormal(12.0, 0.8), source="A-104", span=(2, 40), why="a solution is not yet carried out"
    )
    """Office hours from settlement to remedy."""
    meeting_people_hours: Hours = given(1.0, source="A-105", span=(0.5, 3), why="two people, half an hour")
    """Working hours a meeting on a claim costs."""
    hour_cost_yuan: Annotated[float, Field(ge=0, le=10000)] = given(
        150.0, source="A-106", span=(90, 300), why="a head's hour"
    )
    """Cost of an hour of those who meet, yuan."""
    trust_slows: Ratio = given(1.0, source="A-107", span=(0, 2), why="0: trust does not matter for when people meet")
    """Gap between meetings is multiplied by 1 + this times (0.5 - trust)."""

    @model_validator(mode="after")
    def _check(self) -> "DisputeSettings":
        if self.meeting_gap_hours.mean < SHORTEST_MEAN_GAP_HOURS:
            raise ValueError(
                f"meeting_gap_hours 的 mean 至少要 {SHORTEST_MEAN_GAP_HOURS} 小时，否则双方会不停地开会"
                f"|meeting_gap_hours needs a mean of {SHORTEST_MEAN_GAP_HOURS} hours at least, or they meet without end"
            )
        return self


class Disputes:
    """Open claims and how each is settled."""

    def __init__(self, world: World, settings: DisputeSettings, trust: Trusting) -> None:
        self._world = world
        self.settings = settings
        self._trust = trust
        self._office: Calendar = world.calendars["office"]
        self._business: Calendar = world.calendars["business_clock"]
        self._rolls = {kind: world.chance.column("disputes.trigger", None, kind) for kind in CLAIM_KINDS}
        self._stakes = {kind: world.chance.column("disputes.stake", settings.stake_yuan, kind) for kind in CLAIM_KINDS}
        self.open: dict[str, Claim] = {}
        self._called: dict[str, Flag] = {}
        """Goes up when a claim is put on the agenda of a regular meeting."""

    def arises(self, visit: int, kind: ClaimKind) -> bool:
        """Whether this trigger starts a dispute; the same luck under every policy."""
        share = {
            "broken_promise": self.settings.broken_promise_share,
            "car": self.settings.car_share,
            "urgent_part": self.settings.urgent_share,
            "goodwill": 1.0,
        }[kind]
        return self._rolls[kind][visit] < share

    def start(
        self,
        visit: int,
        kind: ClaimKind,
        parties: tuple[str, str],
        stake_yuan: float | None = None,
        settled: Callable[[], None] | None = None,
    ) -> Flag:
        """Open a claim; the flag goes up, and ``settled`` is called, when both sides accept a settlement."""
        now = self._world.now
        stake = self._stakes[kind][visit] if stake_yuan is None else stake_yuan
        claim = Claim(visit, kind, parties, now, stake)
        flag = Flag(self._world.env)
        if claim.name in self.open:
            raise RuntimeError(f"claim {claim.name} is already open")
        self.open[claim.name] = claim
        self._world.log.write(now, "claim_opened", visit, claim.name, stake, kind)
        self._trust.blamed(*parties)
        if self._trust.habit_shows("blame_in_public", visit):
            self._trust.poisoned(*parties, "blame_in_public")
        if self._trust.habit_shows("over_the_head", visit):
            self._trust.poisoned(*parties, "over_the_head")
            claim.level = 2
        self._world.env.process(self._run(claim, flag, settled))
        return flag

    def take_up(self, present: tuple[str, ...]) -> None:
        """Open disputes between those present at a regular meeting are met on, there and then."""
        for name, claim in self.open.items():
            if set(claim.parties) <= set(present) and claim.level < DIRECTOR and name in self._called:
                self._called[name].up()

    def _run(self, claim: Claim, flag: Flag, settled: Callable[[], None] | None) -> Story:
        luck = _ClaimLuck(self._world, claim.name, self.settings)
        while not (yield from self._level(claim, luck)):
            claim.level += 1
            self._world.log.write(self._world.now, "claim_raised", claim.visit, claim.name, claim.level)
        claim.settled_at = self._world.now
        del self.open[claim.name]
        self._world.log.write(self._world.now, "claim_settled", claim.visit, claim.name, claim.level, claim.kind)
        flag.up()
        if settled is not None:
            settled()
        yield from until(self._world.env, self._office.add(self._world.now, luck.remedy[0]))
        self._world.log.write(self._world.now, "claim_remedied", claim.visit, claim.name, claim.level, claim.kind)

    def _level(self, claim: Claim, luck: "_ClaimLuck") -> Story:
        """Meetings on one level, until it is settled (True) or goes up (False)."""
        view = ClaimView(claim.kind, claim.level, claim.stake_yuan)
        limit = self._world.desk.ask("claim_limit_hours", view)
        wall = self._world.desk.ask("claim_clock", view) == "wall"
        now = self._world.now
        deadline = math.inf
        if limit < NO_LIMIT_HOURS:
            deadline = now + limit if wall else self._business.add(now, limit)
        patience = math.inf
        if claim.level < DIRECTOR:
            patience = self._office.add(now, luck.patience[claim.level])
        while True:
            gap = max(luck.gap[claim.meetings] * self._slowness(claim), SHORTEST_GAP_HOURS)
            meeting = self._office.add(self._world.now, gap)
            if min(deadline, patience) < meeting and patience < deadline:
                if not (yield from self._called_or(claim, patience)):
                    return False
                meeting = self._world.now
            yield from self._called_or(claim, min(meeting, deadline))
            if self._meet(claim, luck):
                return True
            if self._world.now >= deadline and claim.level < DIRECTOR:
                return False

    def _called_or(self, claim: Claim, at: float) -> Story:
        """Wait until clock time ``at``, or until a regular meeting takes the claim up (True)."""
        flag = self._called[claim.name] = Flag(self._world.env)
        called = yield from flag.wait(at)
        self._called.pop(claim.name, None)
        return called

    def _meet(self, claim: Claim, luck: "_ClaimLuck") -> bool:
        self._world.log.write(self._world.now, "claim_met", claim.visit, claim.name, claim.level)
        cost = self.settings.meeting_people_hours * self.settings.hour_cost_yuan
        self._world.ledger.post("people_hours", "cash", cost, claim.visit)
        claim.meetings += 1
        if claim.meetings == 1 and self._trust.habit_shows("copy_the_boss", claim.visit):
            self._trust.poisoned(*claim.parties, "copy_the_boss")
        if claim.level >= DIRECTOR:
            return True
        within = claim.stake_yuan <= self.settings.authority_yuan[claim.level - 1]
        return within and luck.settles[claim.meetings] < self.settings.meeting_settles_share

    def _slowness(self, claim: Claim) -> float:
        return max(1 + self.settings.trust_slows * (0.5 - self._trust.between(*claim.parties)), 0.1)


class _ClaimLuck:
    """A claim's own draws, by its address (visit, kind)."""

    def __init__(self, world: World, name: str, settings: DisputeSettings) -> None:
        chance = world.chance
        self.gap = chance.column("claim.gap", settings.meeting_gap_hours, name, block=16)
        self.patience = chance.column("claim.patience", settings.patience_hours, name, block=4)
        self.settles = chance.column("claim.settles", None, name, block=16)
        self.remedy = chance.column("claim.remedy", settings.remedy_hours, name, block=2)
