"""What the honesty tests measure, kept in docs/honesty.csv and docs/credibility.md: one row a promise."""

import csv
import os

from sim.credibility_honesty import FIGURES, renew

FILE = FIGURES
PAGE = FILE.with_name("credibility.md")
COLUMNS = ("key", "zh", "en", "promised", "measured", "error", "n")


def record(key: str, zh: str, en: str, promised: str, measured: float, error: float, n: int) -> None:
    """Keep a figure, in place of an older one of the same key.

    Args:
        key: short name, unique among all honesty tests; rows are kept in its order.
        zh, en: what was promised, in a line each, such as "覆盖率：配对差的 95 % 区间".
        promised: the promise as text, such as "95 %", "≤ 5 %".
        measured: share measured.
        error: its Monte-Carlo standard error.
        n: meta-replications.
    """
    rows = {}
    if FILE.exists():
        with FILE.open(encoding="utf-8", newline="") as file:
            rows = {row["key"]: row for row in csv.DictReader(file)}
    values = (key, zh, en, promised, f"{measured:.4f}", f"{error:.4f}", str(n))
    rows[key] = dict(zip(COLUMNS, values, strict=True))
    unfinished = FILE.with_name(f".{FILE.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[name] for name in sorted(rows))
    os.replace(unfinished, FILE)
    renew(PAGE, FILE)
