"""A double-entry ledger: every yuan that leaves an account enters another, so the balances sum to zero."""

from collections import defaultdict
from collections.abc import Callable

from sim.log import Log

COSTS: dict[str, str] = {
    "goodwill": "goodwill paid to customers",
    "freight": "transfers and rush orders",
    "holding": "capital and space tied up in stock",
    "obsolescence": "value lost by stock nobody uses",
    "loaner_running": "wear and running cost of lent cars",
    "cleaning": "wash and inspection of lent cars",
    "mechanism": "what mechanisms cost outside the company",
    "people_hours": "working hours of people in meetings and disputes",
    "rework": "work done twice",
}
"""Accounts that make up total cost; wages, rent and parts at cost are the same business in both worlds."""

OTHERS = ("cash", "inventory", "parts_used", "revenue_labour", "revenue_parts",
          "internal_service", "internal_sales", "internal_parts")  # fmt: skip


class Ledger:
    """Accounts and postings. Positive balance: debits exceed credits."""

    def __init__(self, log: Log, clock: Callable[[], float]) -> None:
        self._log = log
        self._clock = clock
        self.balances: dict[str, float] = defaultdict(float)

    def post(self, debit: str, credit: str, yuan: float, visit: int = -1) -> None:
        """Move ``yuan`` from ``credit`` to ``debit``.

        Raises:
            KeyError: an account that does not exist.
        """
        for account in (debit, credit):
            if account not in COSTS and account not in OTHERS:
                raise KeyError(f"no account named {account!r}")
        if yuan == 0:
            return
        self.balances[debit] += yuan
        self.balances[credit] -= yuan
        self._log.write(self._clock(), "money", visit, debit, yuan, credit)
