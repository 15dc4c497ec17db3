"""The commands, the only place that prints: results on standard output, all else on standard error."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from sim.cli import analysis, archive, border, law, market, networks, population, risk, sourcing, studies, tree
from sim.cli.frame import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="nafta-sim", prog_name="sim")
def cli() -> None:
    """What trade law and border queues do to the cost of a car and to the plants that build it."""
    # Every room is imported by the command that needs it, so that help answers at once.


for _command in (
    studies.run,
    studies.report,
    studies.check,
    studies.list_,
    studies.explain,
    studies.cite,
    studies.findings,
    analysis.compare,
    analysis.sensitivity,
    analysis.directions,
    analysis.unknowns,
    archive.archive,
    archive.reproduce,
    law.law,
    law.origin,
    law.duty,
    networks.network,
    networks.bench,
    risk.risk,
    sourcing.sourcing,
    market.market,
    market.relocate,
    market.entrant,
    tree.tree,
    border.calibrate,
    population.laffer,
    border.validate,
):
    cli.add_command(_command)


def main() -> None:
    """Entry point of the command ``sim``; what a terminal cannot show is written out rather than an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    cli(prog_name="sim")
