"""Commands that ask the law: law, origin, duty."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.frame import INPUT_WRONG, emit, formatted

if TYPE_CHECKING:
    from sim.answers.files import FileAnswer

LAW_EXAMPLES = """\b
Examples:
  sim law us/mfn/rates/8708.40 --on 2017-08-16
      one value of the law; `sim list law` names the paths
  sim law --on 2025-03-05 --importer US --origin MX --hts 8544.30
      what is in force for goods and what is announced; with --value, to the cent
  sim law --difference us_2017_proposal
      what a reform changes in the law, and for the goods of a network
"""


@click.command(short_help="What the law says of goods on a day; what a reform moves.", epilog=LAW_EXAMPLES)
@click.argument("path", required=False)
@click.option("--on", metavar="DATE", help="Day asked, such as 2025-03-05.")
@click.option("--importer", metavar="COUNTRY", help="US, CA or MX.")
@click.option("--origin", metavar="COUNTRY", help="Country of origin, such as MX; also shipped from there.")
@click.option("--hts", metavar="CODE", help="Tariff code, such as 8544.30.")
@click.option("--claim", default="", metavar="AGREEMENT", help="Agreement claimed, such as usmca.")
@click.option("--value", default="", metavar="MONEY", help="Customs value, such as 'USD 200000': amounts to the cent.")
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="Another fact, such as use=aftermarket.")
@click.option("--known", default="", metavar="DATE", help="Papers published by this day only.")
@click.option("--all", "show_all", is_flag=True, help="Also what ended, and what does not bear on the goods.")
@click.option("--reform", "reforms", multiple=True, metavar="NAME|FILE", help="Lay a reform over the law.")
@click.option(
    "--difference", "--compare", "compared", multiple=True, metavar="NAME|FILE", help="Tell what a reform moves."
)
@click.option("--network", "network_name", default="midsize", show_default=True, help="Goods of --difference.")
@formatted
def law(path: str | None, form: str, **options: Any) -> None:
    """What the law says: one value, what bears on goods on a day, or what a reform moves."""
    from sim.answers.ask import ask_law

    try:
        answer, text = ask_law(path, **options)
    except ValueError as error:  # the words do not make a question
        raise click.UsageError(str(error)) from None
    emit(form, answer, text)


@click.command(short_help="Whether a good originates: content, tests, status.")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--example", is_flag=True, help="Print a file to begin with.")
@formatted
def origin(files: tuple[str, ...], example: bool, form: str) -> None:
    """Test whether goods originate: from costs and materials to content, tests, status and citations.

    A file says one good, or many under `goods:`. `sim origin --example > good.yaml` writes one to begin with.
    """
    from sim.answers.files import origin_of

    _ask_files("origin", files, example, form, origin_of)


@click.command(short_help="What the lines of an entry owe, to the cent.")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--example", is_flag=True, help="Print a file to begin with.")
@formatted
def duty(files: tuple[str, ...], example: bool, form: str) -> None:
    """Work out what declarations owe: elections at the least cost, duties, fees and citations, to the cent.

    A file says one entry or more, each with its lines. `sim duty --example > entry.yaml` writes one to begin with.
    """
    from sim.answers.files import duty_of

    _ask_files("duty", files, example, form, duty_of)


def _ask_files(
    kind: str, files: tuple[str, ...], example: bool, form: str, ask: Callable[[Path], list[FileAnswer]]
) -> None:
    """Answer files, or tell all that is wrong with all of them and answer none."""
    from sim.answers.files import answer_files, example_of
    from sim.answers.given import yaml_of

    if example == bool(files):  # both or neither
        raise click.UsageError(f"Give FILE..., or --example for one to begin with: sim {kind} --example > mine.yaml")
    if example:
        click.echo(example_of(kind), nl=False)
        return
    found = answer_files(list(yaml_of(files)), ask)
    if not found.problems:
        emit(form, found.data, found.text)
    if found.problems or found.unmet:
        click.echo(found.problems or found.unmet, err=True)
        sys.exit(INPUT_WRONG)
