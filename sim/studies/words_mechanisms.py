"""What mechanisms are called in tables and charts. The title stands in the mechanism itself, so no list can lag."""

import re

from sim.mechanisms import all_mechanisms


def mechanism_title(name: str, lang: str) -> str:
    """What a manager calls a mechanism, such as "配件需求联合预判" or "joint forecast".

    Args:
        name: its name in a scenario, such as ``joint_forecast``.
        lang: "zh" or "en".

    Raises:
        KeyError: there is no mechanism of that name.
    """
    return all_mechanisms()[name].title[lang]


def mechanism_short_title(name: str, lang: str) -> str:
    """The title without what it says in brackets or after a colon, for axes and legends."""
    return re.split(r"[（(：:]", mechanism_title(name, lang))[0].strip()
