"""Commands that look into studies: compare, sensitivity, directions, unknowns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.frame import emit, formatted, progress, say


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


@click.command(short_help="Published directions of content rules beside what came out.")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@formatted
def directions(directory: Path, form: str) -> None:
    """Say of each direction whether it came out, from a finished study content_rules_2017, and draw it there."""
    from sim.answers.directions import directions_answer, directions_of, write_figures
    from sim.study import load_study

    study = load_study(directory)
    found = directions_of(study)
    emit(form, *directions_answer(found, study))
    for path in write_figures(found, study, study.directory / "figures"):
        say(f"figure: {path}")


@click.command(short_help="Every assumption with a range, ranked by what it moves.")
@click.argument("name", metavar="SCENARIO|STUDY")
@click.option("--measure", default="cost_per_vehicle_usd", show_default=True, help="As `sim list measures` names it.")
@click.option("--item", help="One item of it, such as duty; the whole by default.")
@click.option("--vehicle", default="all", show_default=True, help="Assembly recipe.")
@click.option("--scenario", metavar="NAME", help="Of a study: the one that is asked about; the last by default.")
@click.option("--level", is_flag=True, help="Ask about the figure itself, not its difference from the baseline.")
@click.option("--only", multiple=True, metavar="ID", help="Only assumptions whose id begins so, such as parameters.")
@click.option("--replications", type=click.IntRange(1), default=5, show_default=True)
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one a core by default.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True)
@formatted
def unknowns(name: str, out: Path, jobs: int | None, replications: int, form: str, **asked: Any) -> None:
    """What is it that we do not know? Move each assumption to both ends of its range, and tell chance from ignorance.

    Parameters and numbers of the network are moved one at a time, by the ranges that their files state. Where the
    scenario has a baseline, the assumption is moved in both and the difference is what is ranked.
    """
    from sim.answers.unknowns import unknowns_answer

    with progress(f"unknowns of {name}") as bar:
        answer, text = unknowns_answer(name, out=out, jobs=jobs, replications=replications, bar=bar, tell=say, **asked)
    emit(form, answer, text)
