"""One file a mechanism. A file in this folder is found by its name; nothing else is touched to add one."""

import importlib
import pkgutil
from functools import cache

from sim.mechanism import Mechanism


@cache
def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Every mechanism, by file name.

    Raises:
        TypeError: a file does not hold exactly one mechanism.
    """
    found: dict[str, type[Mechanism]] = {}
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        here = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Mechanism) and value.__module__ == module.__name__
        ]
        if len(here) != 1:
            raise TypeError(f"{module.__name__} must hold exactly one mechanism, it holds {len(here)}")
        found[entry.name] = here[0]
    return found
