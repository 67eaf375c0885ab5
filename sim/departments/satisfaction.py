"""Satisfaction: what a customer lives through becomes a score from 0 to 10, goodwill, churn and referrals."""

import math
from collections.abc import Callable
from statistics import NormalDist

from sim.distributions import Distribution, lognormal
from sim.things import Visit
from sim.units import Hours, Ratio, Real, Settings, Share, given
from sim.views import AskView
from sim.waiting import later
from sim.world import World

_NORMAL = NormalDist()


class SatisfactionSettings(Settings):
    """Weights of the experience, in points of the 0-10 score."""

    base_score: Real = given(
        10.0,
        source="fitted",
        span=(8.0, 12.0),
        why="A-120: knob of the calibration; score of a visit without any trouble",
    )
    """Mean score of a flawless visit, before it is cut to 0-10."""
    score_spread: Ratio = given(1.3, source="A-121", span=(0.7, 2.0), why="tastes differ")
    """Standard deviation between customers."""
    late_first_day: Ratio = given(1.5, source="A-122", span=(0.5, 3), why="the first day late costs most")
    """Points lost when the promise is broken at all."""
    late_per_day: Ratio = given(0.5, source="A-123", span=(0.2, 1.0), why="and each further day")
    """Points lost a day after the promise."""
    need_missed: Ratio = given(
        1.0, source="A-124", span=(0.3, 2.0), why="a padded promise does not help who needs the car"
    )
    """Points lost when the customer's own need date passes."""
    loaner_refused: Ratio = given(1.5, source="A-125", span=(0.5, 3.0), why="left without a car")
    """Points lost by a refused loaner."""
    came_again: Ratio = given(0.8, source="A-126", span=(0.3, 1.5), why="an extra trip")
    """Points lost by each trip home and back for want of a part."""
    told_late_per_day: Ratio = given(0.6, source="A-127", span=(0.2, 1.5), why="K1: bad news came on the day itself")
    """Points lost per working day that bad news took, at most 2 points."""
    dispute: Ratio = given(0.5, source="A-128", span=(0.0, 1.5), why="customers notice")
    """Points lost by a dispute over the visit."""
    goodwill_back: Ratio = given(1.0, source="A-129", span=(0.0, 2.0), why="goodwill soothes")
    """Points won back by goodwill."""
    answer_share: Share = given(0.25, source="A-130", span=(0.1, 0.5), why="usual rate of return of surveys")
    """Chance that a customer answers the survey."""
    complains_below: Real = given(3.5, source="A-131", span=(2, 5), why="who complains")
    """A score below this makes the customer ask for goodwill."""
    goodwill_yuan: Distribution = given(
        lognormal(1200, 1.2), source="A-132", span=(500, 3000), why="K1: 8,000 for a bumper, most far less"
    )
    """Goodwill paid to a customer who complains, yuan."""
    goodwill_wait_hours: Hours = given(24.0, source="A-133", span=(4, 72), why="until it is signed, without a dispute")
    """Hours until goodwill without a dispute is paid."""
    churn_detractor: Share = given(0.18, source="A-134", span=(0.05, 0.4), why="input: detractors who go elsewhere")
    """Chance that a detractor (0-6) leaves for another shop."""
    churn_other: Share = given(0.03, source="A-135", span=(0.0, 0.08), why="input: people move")
    """Chance that any other customer leaves."""
    referral_promoter: Share = given(
        0.03, source="A-136", span=(0.005, 0.08), why="input: promoters who bring a friend"
    )
    """Chance that a promoter (9-10) brings a lead."""
    referral_asked: Share = given(
        0.05, source="A-138", read_by="mechanism", span=(0.03, 0.12), why="input: promoters who name a friend if asked"
    )
    """Chance that a promoter brings a lead when an adviser asked for one."""
    asking_hours: Hours = given(
        0.05, source="A-139", read_by="mechanism", span=(0.02, 0.2), why="three minutes at the hand-over"
    )
    """Working hours an adviser spends on asking."""
    gift_points_per_100_yuan: Ratio = given(
        0.3, source="A-140", read_by="mechanism", span=(0.0, 0.8), why="input: a gift pleases; the first yuan most"
    )
    """Points a gift of 100 yuan adds to the score; a gift of 400 yuan adds twice that (square root)."""
    survey_after_hours: Hours = given(48.0, source="A-137", span=(2, 168), why="mailed two days later")
    """Hours from hand-over to the survey."""


class Satisfaction:
    """Scores visits."""

    def __init__(
        self, world: World, settings: SatisfactionSettings, referral: Callable[[int], None], hour_cost_yuan: float
    ) -> None:
        self._world = world
        self._hour_cost = hour_cost_yuan
        self.settings = settings
        self._referral = referral
        self._day_hours = world.day_hours("service")
        chance = world.chance
        self._taste = chance.column("satisfaction.taste")
        self._answers = chance.column("satisfaction.answers")
        self._goodwill = chance.column("satisfaction.goodwill", settings.goodwill_yuan)
        self._churn = chance.column("satisfaction.churn")
        self._refers = chance.column("satisfaction.refers")
        self._asked = chance.column("satisfaction.asked")
        self.surveys: list[tuple[float, int]] = []
        """Time and score of each answered survey: what a centre knows of its own NPS."""
        self._gifts_left = 0
        self._gift_yuan = 0.0
        self._warranty_left = 0.0

    def score(self, visit: Visit) -> float:
        """The experience in points, before rounding and cutting to 0-10."""
        s = self.settings
        points = s.base_score + s.score_spread * _NORMAL.inv_cdf(max(self._taste[visit.number], 1e-12))
        late_hours = visit.handed_over_at - visit.promise_at
        if late_hours > 0:
            points -= s.late_first_day + s.late_per_day * late_hours / 24
        if visit.handed_over_at > visit.dropped_off_at + visit.need_hours:
            points -= s.need_missed
        if visit.loaner_refused:
            points -= s.loaner_refused
        points -= s.came_again * visit.trips_home
        points -= min(s.told_late_per_day * visit.informed_late_hours / self._day_hours, 2.0)
        points -= s.dispute * visit.disputes
        return points

    def goodwill_for(self, visit: Visit, points: float) -> float:
        """What a customer with this experience asks for, yuan; 0 for most."""
        return self._goodwill[visit.number] if points < self.settings.complains_below else 0.0

    def fund(self, gifts: int, gift_yuan: float, warranty_yuan: float) -> None:
        """A programme's money for a month: gifts for the next customers, goodwill that is paid at once."""
        self._gifts_left, self._gift_yuan, self._warranty_left = gifts, gift_yuan, warranty_yuan

    def from_programme(self, yuan: float) -> bool:
        """Whether a programme's budget pays this goodwill at once."""
        if yuan > self._warranty_left:
            return False
        self._warranty_left -= yuan
        return True

    def nps(self, start: float, end: float) -> float:
        """NPS of the surveys that came in between two clock times; nan if there were none."""
        scores = [score for time, score in self.surveys if start <= time < end]
        if not scores:
            return math.nan
        return 100 * (sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)) / len(scores)

    def close(self, visit: Visit, points: float, goodwill: bool) -> None:
        """Survey, churn and referral after the hand-over."""
        if goodwill:
            points += self.settings.goodwill_back
        now = self._world.now
        if self._gifts_left > 0:
            self._gifts_left -= 1
            points += self.settings.gift_points_per_100_yuan * math.sqrt(self._gift_yuan / 100)
            self._world.log.write(now, "gift", visit.number, "customer", self._gift_yuan, "programme")
            self._world.ledger.post("mechanism", "cash", self._gift_yuan, visit.number)
        self._world.log.write(now, "experience", visit.number, visit.job, points)
        later(self._world.env, now + self.settings.survey_after_hours, lambda: self._survey(visit, points))

    def _survey(self, visit: Visit, points: float) -> None:
        score = min(max(round(points), 0), 10)
        log, now, n = self._world.log, self._world.now, visit.number
        if self._answers[n] < self.settings.answer_share:
            log.write(now, "survey", n, visit.job, score)
            self.surveys.append((now, score))
        leave = self.settings.churn_detractor if score <= 6 else self.settings.churn_other
        if self._churn[n] < leave:
            log.write(now, "churned", n, "", 0.0, "bad experience" if score <= 6 else "other")
        if score >= 9 and self._refers[n] < self._referral_share(n):
            self._referral(n)

    def _referral_share(self, visit: int) -> float:
        """Chance that a promoter brings a friend: higher if he was asked, which takes an adviser's time."""
        if not self._world.desk.ask("ask_for_referral", AskView(self._asked[visit])):
            return self.settings.referral_promoter
        self._world.log.write(self._world.now, "asked_for_friend", visit)
        self._world.ledger.post("people_hours", "cash", self.settings.asking_hours * self._hour_cost)
        return max(self.settings.referral_asked, self.settings.referral_promoter)
