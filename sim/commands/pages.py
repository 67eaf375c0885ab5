"""``sim assumptions`` and ``sim schema``: pages made from the settings, so that they cannot say something else."""

from pathlib import Path

import click

from sim.commands.terminal import ends_well, lang_option


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option("--out", metavar="FILE", help="写到这个文件，默认标准输出 / write to this file, default: standard output")
@lang_option
def assumptions(scenario: str, lang: str, out: str | None) -> None:
    """列出每个假设：编号、数值、单位、范围、理由。 / List every assumption with number, value, unit, range, reason."""
    with ends_well(lang):
        from sim.assumptions import assumptions_page
        from sim.scenario import load

        _write(assumptions_page(load(scenario)), out)


@click.command()
@click.option("--out", metavar="FILE", help="写到这个文件，默认标准输出 / write to this file, default: standard output")
@lang_option
def schema(lang: str, out: str | None) -> None:
    """写出场景文件的 JSON schema（编辑器用来补全和检查）。 / Write the scenario files' JSON schema, for editors."""
    with ends_well(lang):
        import json

        from sim.schema import scenario_schema

        _write(json.dumps(scenario_schema(), ensure_ascii=False, indent=1) + "\n", out)


def _write(text: str, out: str | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        Path(out).write_text(text, encoding="utf-8", newline="\n")
