"""Commands that answer a planner: risk breaks, risk buffers, risk crossing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sim.cli.frame import Commands, emit, formatted, telling

EXAMPLES = """\b
Examples:
  sim risk breaks nafta_as_it_stood --for "5 d"
      crossings by vehicles lost and hours to line down, were they shut
  sim risk buffers ambassador_closure_2017
      the cheapest stock to hold against it, line by line
  sim risk crossing blue_water_bridge ambassador_closure_2017
      what the second bridge saves
"""


def _replications(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--replications", type=click.IntRange(1), default=3, show_default=True, help="Runs of each case."
    )(command)


@click.group(cls=Commands, epilog=EXAMPLES)
def risk() -> None:
    """Where a network breaks, which buffer pays, what a second crossing is worth: by simulation."""


@risk.command("breaks", short_help="Places ranked by vehicles lost and hours to line down.")
@click.argument("scenario")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["crossing", "port", "site"]),
    help="A crossing is one direction of a port; a site is a supplier.  [default: crossing]",
)
@click.option("--for", "lasting", default="5 d", show_default=True, metavar="DURATION", help="How long it is shut.")
@click.option("--from", "begins", metavar="MOMENT", help="When, UTC; by default noon of the second measured day.")
@click.option("--limit", type=click.IntRange(1), default=12, show_default=True, help="Places of each kind.")
@click.option("--usual-ways", is_flag=True, help="Nobody drives round it.")
@_replications
@formatted
def breaks(
    scenario: str,
    kinds: tuple[str, ...],
    lasting: str,
    begins: str | None,
    limit: int,
    usual_ways: bool,
    replications: int,
    form: str,
) -> None:
    """Shut in turn the places that put most vehicles of SCENARIO's network at risk; its own shocks are left out."""
    from sim.answers.risk import breaks_answer

    asked = kinds or ("crossing",)
    try:
        with telling() as tell:
            answer = breaks_answer(scenario, asked, lasting, begins, limit, replications, usual_ways, tell)
    except ValueError as error:  # a duration or a moment
        raise click.UsageError(str(error)) from None
    emit(form, *answer)


@risk.command("buffers", short_help="The cheapest stock to hold against a scenario's shocks.")
@click.argument("scenario")
@_replications
@formatted
def buffers(scenario: str, replications: int, form: str) -> None:
    """Find for each line the inputs to hold more of, at the least yearly cost for a vehicle saved in SCENARIO."""
    from sim.answers.risk import buffers_answer

    with telling() as tell:
        answer = buffers_answer(scenario, replications, tell)
    emit(form, *answer)


@risk.command("crossing", short_help="What a port is worth as a second way.")
@click.argument("port")
@click.argument("scenario")
@_replications
@formatted
def crossing(port: str, scenario: str, replications: int, form: str) -> None:
    """Compare SCENARIO with the routes over PORT and without them, in ordinary times and under its shocks."""
    from sim.answers.risk import crossing_answer

    with telling() as tell:
        answer = crossing_answer(port, scenario, replications, tell)
    emit(form, *answer)
