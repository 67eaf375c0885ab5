"""Parts: shelf, daily review, supplier orders, short lines and how they are sped up."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from sim.catalogue import Catalogue, ForecastSettings, HistorySettings, PartFamily
from sim.distributions import Distribution, constant
from sim.stock import ControlSettings, Stock, base_stock_level, order_quantity
from sim.things import PartLine, Visit
from sim.units import HOURS_PER_WEEK, Count, Hours, Ratio, Settings, Share, Yuan, given
from sim.views import (
    DeadStockView,
    ForecastView,
    LevelView,
    Light,
    StockView,
    TellView,
    UrgentAnswer,
    UrgentView,
)
from sim.waiting import later
from sim.world import Trusting, World

DEAD_AFTER_HOURS = 90 * 24.0
FORECAST_WEEKS, RECORD_WEEKS = 13, 26
"""Length of the shared demand record that a forecast may read, and of the one that tells dead parts."""
WORKING_DAYS = 6
"""Working days a week, to turn a supplier's calendar days into the working days of a promise."""


_NEVER = (-math.inf, -math.inf, 0.0)
"""Since when, until when and with what lead time the supply of a part is interrupted: not at all."""


class PartsSettings(Settings):
    """Catalogue, control, and how parts treats urgent requests."""

    families: dict[str, PartFamily] = given(factory=dict, source="definition")
    """Part families by name."""
    catalogue_seed: Count = given(
        1, source="A-53", span=(1, 1000), why="which parts happen to be misjudged; another seed is another centre"
    )
    """Seed of the catalogue (prices, errors of the forecast): one centre has one, the same in every replication."""
    quantity: Distribution = given(constant(1), source="A-43", why="one unit a line; compound demand is a setting")
    """Units a line, rounded down, at least 1."""
    control: ControlSettings = given(factory=ControlSettings, source="definition")
    """Stock control."""
    forecast: ForecastSettings = given(factory=ForecastSettings, source="definition")
    """Quality of the forecast parts makes alone."""
    history: tuple[HistorySettings, ...] = given((), source="user")
    """Demand histories that replace a family's popularity law."""
    help_share: Share = given(
        0.5, source="A-44", read_by="baseline", span=(0.2, 0.8), why="'by process' against 'brother, I'll help' (K12)"
    )
    """Chance that parts speeds a line up when asked, at trust 0.5; grows in proportion to trust."""
    favours_per_day: Count = given(
        0, source="A-54", read_by="baseline", span=(0, 5), why="off: help by process only; K12 switches it on"
    )
    """Parts a day that the head of parts can find at once by asking around, for people he trusts."""
    favour_hours: Hours = given(18.0, source="article", read_by="baseline")
    """Hours until such a part is there; the article's 0.75 day, as "+300 %" of 3 days is read."""
    process_hours: Hours = given(72.0, source="article")
    """A line sped up by the ordinary process arrives after this time; the article: 3 days."""
    rush_fee_yuan: Yuan = given(60.0, source="A-45", span=(20, 200), why="freight of a single rush order")
    """Extra freight of a line sped up by the ordinary process."""
    transfer_fee_yuan: Yuan = given(
        400.0, source="A-46", read_by="mechanism", span=(150, 1000), why="a driver and a car for an evening"
    )
    """Freight of a transfer fetched from a sister centre."""
    transfer_ready_hour: Hours = given(9.0, source="article", read_by="mechanism")
    """Hour of the next day at which a part fetched tonight is there."""
    transfer_hours: Hours | None = given(None, source="user")
    """Hours until a transferred part is there; left out: the next day at transfer_ready_hour."""
    holding_share_per_year: Share = given(0.18, source="A-47", span=(0.1, 0.3), why="capital, space, insurance")
    """Cost of holding stock a year over its value."""
    obsolescence_share_per_year: Share = given(
        0.20, source="A-48", span=(0.05, 0.4), why="loss of value of parts without a use for 90 days"
    )
    """Value that dead stock loses a year."""
    markup: Ratio = given(1.4, source="A-49", span=(1.2, 1.8), why="parts price to the customer over cost")
    """Parts price to the customer over cost price."""


class Parts:
    """The stock room of one centre."""

    def __init__(
        self,
        world: World,
        settings: PartsSettings,
        catalogue: Catalogue,
        lines_per_day: dict[str, float],
        trust: Trusting,
        sisters: list[Callable[[int], int]],
        take_from_sister: Callable[[int, int, int], None],
    ) -> None:
        """``lines_per_day`` is true demand by family, units; ``sisters`` tell their free units of a part."""
        self._world = world
        self.settings = settings
        self.catalogue = catalogue
        self._trust = trust
        self._sisters = sisters
        self._take_from_sister = take_from_sister
        rate = np.array([lines_per_day.get(name, 0.0) for name in catalogue.family])
        self._stale = (rate * catalogue.stale_weight).tolist()
        self._price = catalogue.price.tolist()
        chance = world.chance
        self._lead = [
            chance.column("parts.lead_time", law, name, block=16)
            for name, law in zip(catalogue.names, catalogue.lead_time, strict=True)
        ]
        self._orders = [0] * len(self._price)
        self._last_arrival = [0.0] * len(self._price)
        self._interrupted: dict[int, tuple[float, float, float]] = {}
        self._uses: list[list[tuple[float, int]]] = [[] for _ in self._price]
        self._announced_ever: set[tuple[int, int]] = set()
        self.levels = [self._level(sku, stale) for sku, stale in enumerate(self._stale)]
        self.stocks = [Stock(self._opening_stock(sku)) for sku in range(len(self._price))]
        self._record_since = 0.0
        self._favours: dict[int, int] = {}
        self._tell_habit = chance.column("parts.tell_habit")
        self._urgent_roll = chance.column("parts.urgent_roll", block=8192)

    # -- levels ---------------------------------------------------------------------------------------------

    def _opening_stock(self, sku: int) -> int:
        control = self.settings.control
        if control.policy in ("R_Q", "r_nQ"):
            return max((control.low or 0) + (control.high or 0), 0)
        return max(self.levels[sku], 0)

    def _level(self, sku: int, forecast: float) -> int:
        control = self.settings.control
        if control.high is not None:
            return control.high
        if forecast * 365 < control.stock_from_uses_per_year:
            return 0
        cover = self.catalogue.lead_time[sku].mean + control.review_cover_days
        return base_stock_level(round(forecast * cover, 6), control.target_share)

    def set_levels(self) -> None:
        """Set every level anew from the forecast in force."""
        now = self._world.now
        weeks = (now - self._record_since) / HOURS_PER_WEEK
        for sku, stale in enumerate(self._stale):
            uses = self._uses[sku]
            while uses and uses[0][0] < now - RECORD_WEEKS * HOURS_PER_WEEK:
                uses.pop(0)
            since = now - FORECAST_WEEKS * HOURS_PER_WEEK
            recent = sum(quantity for at, quantity in uses if at >= since)
            view = ForecastView(stale, recent, min(weeks, FORECAST_WEEKS))
            forecast = self._world.desk.ask("demand_forecast", view)
            record = StockView(forecast, sum(quantity for _, quantity in uses), min(weeks, RECORD_WEEKS))
            self.levels[sku] = self._with_rules(self._level(sku, forecast), record)

    def _with_rules(self, level: int, record: StockView) -> int:
        """The formula's level, unless a rule drops the part or adds units to it."""
        desk = self._world.desk
        if not desk.ask("stock_part", record):
            return 0
        return level + int(desk.ask("extra_units_stocked", LevelView(record.forecast * 365, level)))

    # -- review and supply ----------------------------------------------------------------------------------

    def review(self, sku: int) -> None:
        """Look at one position and order if the rule says so."""
        control = self.settings.control
        quantity = order_quantity(control.policy, self.stocks[sku].position, control.low or 0, self.levels[sku])
        if quantity > 0:
            self._order(sku, quantity)

    def review_all(self) -> None:
        """The daily review of every position."""
        for sku in range(len(self.stocks)):
            self.review(sku)

    def _review_soon(self, sku: int) -> None:
        """Under continuous review: at this very moment, after a sister or the express has been asked for the part."""
        if self.settings.control.review == "continuous":
            later(self._world.env, self._world.now, partial(self.review, sku))

    def _order(self, sku: int, quantity: int) -> None:
        now = self._world.now
        days = self._lead[sku][self._orders[sku]]
        self._orders[sku] += 1
        _, until, fixed = self._interrupted.get(sku, _NEVER)
        if now < until:
            days = fixed
        arrives = now + days * 24
        if not self.settings.control.orders_may_cross:
            arrives = max(arrives, self._last_arrival[sku])
        self._last_arrival[sku] = arrives
        stock = self.stocks[sku]
        stock.on_order += quantity
        self._world.log.write(now, "ordered", -1, self.catalogue.names[sku], quantity, "supplier")
        later(self._world.env, arrives, lambda: self._receive(sku, quantity, now))

    def _receive(self, sku: int, quantity: int, ordered_at: float) -> None:
        since, until, _ = self._interrupted.get(sku, _NEVER)
        if ordered_at < since and self._world.now < until:
            later(self._world.env, until, lambda: self._receive(sku, quantity, ordered_at))
            return
        stock = self.stocks[sku]
        stock.on_order -= quantity
        self._world.ledger.post("inventory", "cash", quantity * self._price[sku])
        self._world.log.write(self._world.now, "received", -1, self.catalogue.names[sku], quantity, "supplier")
        stock.receive(quantity)

    # -- lines ----------------------------------------------------------------------------------------------

    def light(self, line: PartLine) -> tuple[Light, float]:
        """The line's colour and the working days until a red one is expected."""
        stock = self.stocks[line.sku]
        if not stock.free_for(line.quantity):
            return "red", self._days_until_there(line.sku)
        return ("yellow" if stock.on_hand <= line.quantity else "green"), 0.0

    def _days_until_there(self, sku: int) -> float:
        """Parts' own estimate: the supplier's mean lead time, plus a day for the review."""
        days = self.catalogue.lead_time[sku].mean + self.settings.control.review_cover_days
        return days * WORKING_DAYS / 7

    def announce(self, line: PartLine) -> None:
        """Service says ahead of time that it will need the line; the position counts it from now on."""
        line.announced = True
        self.stocks[line.sku].announced += line.quantity
        self._uses[line.sku].append((self._world.now, line.quantity))
        self._review_soon(line.sku)

    def ask(self, line: PartLine, here: Callable[[], None]) -> bool:
        """Planned start: take the line from the shelf (True), or it is short and ``here`` is called once it comes."""
        stock = self.stocks[line.sku]
        now = self._world.now
        line.due_at = now
        if line.announced:
            stock.announced -= line.quantity
        else:
            self._uses[line.sku].append((now, line.quantity))
        line.in_hand = stock.free_for(line.quantity)
        line.short = not line.in_hand
        known = "announced" if line.announced else "known" if line.known_at_booking else "found"
        name = self.catalogue.names[line.sku]
        self._world.log.write(now, "line_due", line.visit, name, float(line.in_hand), known)
        if line.short and self.settings.control.when_short == "lost":
            return False
        stock.ask(line.quantity, here)
        if line.in_hand:
            self._trust.kept("service", "parts")
        else:
            line.expected_at = now + self._days_until_there(line.sku) * 24 * 7 / WORKING_DAYS
            self._trust.broken("service", "parts")
        self._review_soon(line.sku)
        return line.in_hand

    def put_back(self, line: PartLine) -> None:
        """A line taken for a job that is not done goes back on the shelf."""
        line.in_hand = False
        name = self.catalogue.names[line.sku]
        self._world.log.write(self._world.now, "put_back", line.visit, name, line.quantity)
        self.stocks[line.sku].receive(line.quantity)

    def use(self, line: PartLine) -> None:
        """The part goes into the car."""
        value = line.quantity * self._price[line.sku]
        stock = self.stocks[line.sku]
        stock.last_use = self._world.now
        line.used = True
        self._world.ledger.post("parts_used", "inventory", value, line.visit)
        self._world.ledger.post("cash", "revenue_parts", value * self.settings.markup, line.visit)
        self._world.log.write(self._world.now, "line_used", line.visit, self.catalogue.names[line.sku], value)

    def interrupt_supply(self, sku: int, until: float, days: float) -> None:
        """From now until clock time ``until`` the supplier needs ``days`` for an order of this part.

        What is under way already comes at the end of it, or the part might be there in an hour by luck. Orders made
        from now on are served in their turn, so a centre that asks earlier has its part earlier. No draw is used up:
        every other order keeps its own luck.
        """
        self._interrupted[sku] = self._world.now, until, days

    def sell_out(self, sku: int) -> None:
        """Somebody from outside buys every free unit over the counter."""
        stock, now = self.stocks[sku], self._world.now
        units, stock.on_hand = stock.on_hand, 0
        if units > 0:
            value = units * self._price[sku]
            self._world.ledger.post("parts_used", "inventory", value)
            self._world.ledger.post("cash", "revenue_parts", value * self.settings.markup)
            self._world.log.write(now, "sold_out", -1, self.catalogue.names[sku], units)

    def tell_after(self, line: PartLine, habit: Distribution) -> float:
        """Open hours until the front desk learns that the line is short."""
        at = line.visit * 8 + line.nth
        roll = np.array([self._world.chance.column("parts.tell_roll", block=8192)[at]])
        hours = float(habit.inverse(roll)[0]) * (1.5 - self._trust.between("service", "parts"))
        return self._world.desk.ask("tell_front_desk_after", TellView(hours))

    def put_by(self, line: PartLine, extra: int, days: float) -> None:
        """An adviser reserves more than the job needs: the surplus is on the shelf and not free."""
        stock = self.stocks[line.sku]
        if extra <= 0 or stock.on_hand < extra:
            return
        stock.on_hand -= extra
        stock.put_by += extra

        def put_back() -> None:
            stock.put_by -= extra
            stock.receive(extra)

        later(self._world.env, self._world.now + days * 24, put_back)

    # -- urgent ---------------------------------------------------------------------------------------------

    def speed_up(self, line: PartLine, visit: Visit, filled: Callable[[], None]) -> str:
        """Service asks for a short line; returns refused, process, favour or transfer."""
        now = self._world.now
        view = self._urgent_view(line, visit)
        answer: UrgentAnswer = self._world.desk.ask("urgent_part", view)
        name = self.catalogue.names[line.sku]
        self._world.log.write(now, "urgent_asked", line.visit, name, 0.0, answer.source)
        if answer.source == "refused":
            return answer.source
        if self._trust.habit_shows("take_without_giving", line.visit):
            self._trust.poisoned("service", "parts", "take_without_giving")
        else:
            self._trust.helped("service", "parts")
        fee = self.settings.rush_fee_yuan
        arrives = now + self.settings.process_hours
        if answer.source == "favour":
            self._favours[int(now // 24)] = self._favours.get(int(now // 24), 0) + 1
            arrives = now + self.settings.favour_hours
        if answer.source == "transfer":
            fee = self.settings.transfer_fee_yuan
            arrives = self._transfer_there_at()
            self._take_from_sister(answer.sister, line.sku, line.quantity)
            value = line.quantity * self._price[line.sku]
            self._world.log.write(now, "transfer", line.visit, name, value, f"sister {answer.sister + 1}")
        self._world.ledger.post("freight", "cash", fee, line.visit)
        stock = self.stocks[line.sku]
        stock.on_order += line.quantity
        line.expected_at = min(line.expected_at, arrives)

        def bring() -> None:
            stock.on_order -= line.quantity
            self._world.ledger.post("inventory", "cash", line.quantity * self._price[line.sku])
            self._world.log.write(self._world.now, "received", -1, name, line.quantity, answer.source)
            stock.receive_for(line.quantity, filled)

        later(self._world.env, arrives, bring)
        return answer.source

    def _transfer_there_at(self) -> float:
        now, hours = self._world.now, self.settings.transfer_hours
        if hours is not None:
            return now + hours
        return (math.floor(now / 24) + 1) * 24 + self.settings.transfer_ready_hour

    def free_units(self, sku: int) -> int:
        """Units on the shelf that nobody waits for."""
        stock = self.stocks[sku]
        return 0 if stock.waiting else stock.on_hand

    def give_away(self, sku: int, quantity: int) -> None:
        """Units go to a sister centre at cost; what the rule then orders, it orders."""
        self.stocks[sku].on_hand -= quantity
        self._world.ledger.post("cash", "inventory", quantity * self._price[sku])
        self._world.log.write(self._world.now, "given_away", -1, self.catalogue.names[sku], quantity)
        self._review_soon(sku)

    def _urgent_view(self, line: PartLine, visit: Visit) -> UrgentView:
        now, settings = self._world.now, self.settings
        willingness = min(settings.help_share * 2 * self._trust.between("service", "parts"), 1.0)
        if self._trust.habit_shows("customer_as_club", line.visit):
            self._trust.poisoned("service", "parts", "customer_as_club")
            willingness *= 1 - self._trust.club_refused
        return UrgentView(
            roll=self._urgent_roll[line.visit * 8 + line.nth],
            willingness=willingness,
            hours_until_there=max(line.expected_at - now, 0.0),
            process_hours=settings.process_hours,
            sister_units=tuple(free(line.sku) for free in self._sisters),
            quantity=line.quantity,
            key_customer=visit.key_customer,
            favours_left=settings.favours_per_day - self._favours.get(int(now // 24), 0),
        )

    # -- value ----------------------------------------------------------------------------------------------

    def count_value(self, days: float) -> None:
        """Log the value on the shelf, and charge ``days`` of holding it."""
        now = self._world.now
        total = dead = 0.0
        for stock, price in zip(self.stocks, self._price, strict=True):
            value = stock.on_shelf * price
            total += value
            if now - stock.last_use > DEAD_AFTER_HOURS:
                dead += value
        self._world.log.write(now, "stock_value", -1, "all", total)
        self._world.log.write(now, "stock_value", -1, "dead", dead)
        ledger = self._world.ledger
        ledger.post("holding", "cash", total * self.settings.holding_share_per_year * days / 365)
        lost = dead * self.settings.obsolescence_share_per_year * days / 365
        ledger.post("obsolescence", "cash", lost)
        payer = self._world.desk.ask("dead_stock_payer", DeadStockView(lost))
        if payer != "parts":
            ledger.post(f"internal_{payer}", "internal_parts", lost)
