"""The exact value a textbook case names: its `computed_by`, worked out by the modules of this folder and by nothing
else.

`python -m tests.theory.answers` writes the values into the files of scenarios/textbook/.
"""

import math
import re
from pathlib import Path
from typing import Any

from scipy import stats

from tests.theory import fleet, ladders, notice, pooling, queues, stock

TEXTBOOK = Path(__file__).parents[2] / "scenarios" / "textbook"
NAMES: dict[str, Any] = {
    "queues": queues, "stock": stock, "notice": notice, "pooling": pooling, "fleet": fleet, "ladders": ladders,
    "stats": stats, "exp": math.exp, "sqrt": math.sqrt,
}  # fmt: skip
CALL = re.compile(r'^exact = [^\n]*\n((?:(?!\[\[)[^\n]*\n)*?)computed_by = "([^"\n]+)"', re.MULTILINE)


def answer(computed_by: str) -> float:
    """The value of a call such as ``queues.mmc_mean_wait(3.2, 1, 4)``."""
    return float(eval(computed_by, {"__builtins__": {}, **NAMES}))


def write(path: Path) -> None:
    """Put every exact value of a file in the place of what stands there."""
    text = path.read_text(encoding="utf-8")
    filled = CALL.sub(lambda m: f'exact = {answer(m[2]):.12g}\n{m[1]}computed_by = "{m[2]}"', text)
    path.write_text(filled, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for file in sorted(TEXTBOOK.glob("*.toml")):
        write(file)
