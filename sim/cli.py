"""The command line. A command is a file in sim/commands and one line here."""

import contextlib
import sys

import click

from sim.commands.attribute import attribute
from sim.commands.best import best
from sim.commands.calibrate import calibrate, many_fits
from sim.commands.claims import claims
from sim.commands.compare import compare
from sim.commands.elasticity import elasticity
from sim.commands.notebooks import notebooks
from sim.commands.pages import assumptions, schema
from sim.commands.plan import plan
from sim.commands.review import review
from sim.commands.run import run
from sim.commands.sensitivity import sensitivity
from sim.commands.story import story
from sim.commands.sweep import sweep
from sim.commands.verify import verify
from sim.commands.warmup import warmup


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """服务中心的一次性协调与系统机制：仿真比较。 / A service centre, ad hoc or by mechanisms: simulate and compare.

    \b
    sim compare scenarios/article.toml      比较各方案，写出结果文件夹 / compare policies, write a results folder
    sim claims                              逐条核对文章的说法 / audit every claim of the article
    sim story scenarios/article.toml --like bumper   一位客户的两个世界 / one customer's story in both worlds
    sim verify                              用有精确解的案例检验模型 / the model against cases with exact answers
    sim run scenarios/article.toml ...      单独跑一次重复 / run one replication alone
    sim calibrate scenarios/article.toml    重新拟合“之前”数字 / fit the before figures again
    sim many-fits scenarios/article.toml    换别的旋钮拟合，看“之后”差多远 / other knobs: how far apart are the afters
    sim assumptions scenarios/article.toml  假设清单 / the list of assumptions

    \b
    sim sweep S --vary KEY=a,b,c            参数取不同的值 / keys take several values
    sim attribute S                         每个机制各有多少贡献 / each mechanism's part in the effect
    sim best S --maximise nps               限制之内的最佳组合 / the best bundle within limits
    sim plan S --metric shortage_rate       试点要做多久 / how long a pilot must run
    sim review S --observed pilot.csv       试点做到现在 / a pilot so far
    sim sensitivity S                       哪些假设必须成立 / which assumptions turn the decision
    sim warmup S                            预热期要多长 / how long a warm-up
    """
    # An old terminal that lacks a character shows a question mark; it does not end the run.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


for command in (
    compare, claims, story, verify, run, calibrate, many_fits, elasticity, assumptions, schema, notebooks,
    attribute, best, sweep, plan, sensitivity, warmup, review,
):  # fmt: skip
    main.add_command(command)
