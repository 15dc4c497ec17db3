"""Commands on sourcing: sourcing plan, sourcing curve."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.frame import Commands, emit, formatted, require_figure, say, telling

EXAMPLES = """\b
Examples:
  sim sourcing plan us_proposal_85_50
      who would supply what under that law, what it costs, where makers would sooner pay
  sim sourcing plan nafta_as_it_stood --reform threshold_80
      the same question under another law
  sim sourcing curve nafta_as_it_stood --us --figure us_content.png
      the cheapest cost at each share of the United States
"""
_reform = click.option("--reform", "reforms", multiple=True, metavar="NAME|FILE", help="Lay a reform over the law.")
_vehicle = click.option("--vehicle", "vehicles", multiple=True, metavar="RECIPE", help="Only these; all by default.")


@click.group(cls=Commands, epilog=EXAMPLES)
def sourcing() -> None:
    """Who would supply what at least cost, and what content costs: network, law and dates of a scenario."""


@sourcing.command("plan", short_help="Sources of every part family at least landed cost.")
@click.argument("scenario")
@_reform
@_vehicle
@click.option("--write", type=click.Path(path_type=Path), metavar="FOLDER", help="Write the re-sourced network there.")
@click.option("--force", is_flag=True, help="Replace the network that is in FOLDER.")
@formatted
def plan(
    scenario: str, reforms: tuple[str, ...], vehicles: tuple[str, ...], write: Path | None, force: bool, form: str
) -> None:
    """Choose sources for the vehicles of SCENARIO's network, preference claimed or not, by the law known on its day."""
    from sim.answers.sourcing import plan_answer

    if force and write is None:
        raise click.UsageError("--force goes with --write FOLDER.")
    with telling() as tell:
        answer = plan_answer(scenario, reforms, vehicles, write, tell, force)
    emit(form, *answer)


@sourcing.command("claims", short_help="Who claims preference, by group of goods and pair of countries.")
@click.argument("scenario")
@_reform
@formatted
def claims(scenario: str, reforms: tuple[str, ...], form: str) -> None:
    """Weigh claiming against paying for every good of SCENARIO's network; published shares stand beside."""
    from sim.answers.claims import claims_answer

    emit(form, *claims_answer(scenario, reforms))


@sourcing.command("curve", short_help="Cheapest landed cost at each content.")
@click.argument("scenario")
@_reform
@_vehicle
@click.option("--us", is_flag=True, help="Share of the United States instead of regional content.")
@click.option("--step", type=click.FloatRange(0.1, 20), default=1.0, show_default=True, help="Points of content.")
@click.option("--figure", type=click.Path(path_type=Path), metavar="FILE", help="Draw it: .svg, .png or .pdf.")
@formatted
def curve(
    scenario: str,
    reforms: tuple[str, ...],
    vehicles: tuple[str, ...],
    us: bool,
    step: float,
    figure: Path | None,
    form: str,
) -> None:
    """Solve each vehicle of SCENARIO's network at one content after another; say where paying is cheaper."""
    from sim.answers.sourcing import curve_answer

    require_figure(figure)
    with telling() as tell:
        found, text, curves = curve_answer(scenario, reforms, vehicles, us, step, tell)
    emit(form, found, text)
    if figure is not None:
        from sim.report.content_curve import save_curves

        say(f"figure: {save_curves(curves, found['question'], figure)}")
