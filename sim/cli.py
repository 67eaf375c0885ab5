"""The command line: ``sim compare``, ``sim run``. A command is a file in sim/commands and one line here."""

import contextlib
import sys

import click

from sim.commands.compare import compare
from sim.commands.run import run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """服务中心的一次性协调与系统机制：仿真比较。 / A service centre, ad hoc or by mechanisms: simulate and compare.

    \b
    sim compare scenarios/article.toml      比较各方案，写出结果文件夹 / compare policies, write a results folder
    sim run scenarios/article.toml ...      单独跑一次重复 / run one replication alone
    """
    # An old terminal that lacks a character shows a question mark; it does not end the run.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


main.add_command(compare)
main.add_command(run)
