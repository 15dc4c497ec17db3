"""Commands that look into finished studies: compare, sensitivity."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.frame import emit, formatted


@click.command(short_help="Any measure against any scenario of a study, with intervals.")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--measure", default="cost_per_vehicle_usd", show_default=True, help="As `sim list measures` names it.")
@click.option("--item", help="One item of it, such as duty; the whole by default.")
@click.option("--vehicle", default="all", show_default=True, help="Assembly recipe.")
@click.option("--baseline", "baselines", multiple=True, metavar="NAME", help="Scenario to compare with, or several.")
@formatted
def compare(
    directory: Path, measure: str, item: str | None, vehicle: str, baselines: tuple[str, ...], form: str
) -> None:
    """Compare scenarios of a finished study: paired differences, and what pairing was worth."""
    from sim.answers.compared import compare_answer
    from sim.study import load_study

    emit(form, *compare_answer(load_study(directory), measure, item, vehicle, baselines))


@click.command(short_help="What each factor of a study's sweeps does to a measure.")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--measure", default="cost_per_vehicle_usd", show_default=True, help="As `sim list measures` names it.")
@click.option("--item", help="One item of it, such as duty; the whole by default.")
@click.option("--vehicle", default="all", show_default=True, help="Assembly recipe.")
@formatted
def sensitivity(directory: Path, measure: str, item: str | None, vehicle: str, form: str) -> None:
    """Rank what a finished study varied: Morris effects, Sobol indices, or changes over the range."""
    from sim.answers.sensitivity import sensitivity_answer
    from sim.study import load_study

    emit(form, *sensitivity_answer(load_study(directory), measure, item, vehicle))
