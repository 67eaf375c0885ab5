"""The verbs of a notebook stay verbs, whatever modules are imported after them."""

import importlib
import pkgutil

import pytest

import sim


@pytest.mark.parametrize("verb", sim.__all__)
def test_no_module_has_the_name_of_a_verb(verb: str) -> None:
    """Importing a module sets its name in the package and would take the verb's place."""
    modules = {module.name for module in pkgutil.iter_modules(sim.__path__)}
    assert verb not in modules and callable(getattr(sim, verb))


def test_every_verb_is_told_of_in_the_package() -> None:
    importlib.reload(sim)
    assert all(getattr(sim, verb).__doc__ for verb in sim.__all__)
