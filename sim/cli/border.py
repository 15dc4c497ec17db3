"""Commands on the border as it is observed: calibrate and validate."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.frame import emit, formatted, require_figure, telling


@click.command(short_help="Fit expected traffic to counts and tell the fit with its noise.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the fit to this CSV file.")
@formatted
def calibrate(out: Path | None, form: str) -> None:
    """Fit trucks by year, month and weekday to the monthly counts of every port, and tell which booths they ask for.

    Only counts and lanes seen open are fitted; waits, crossing times and events are for `sim validate`. The fit that
    networks are made from is sim/data/border/fit.csv.
    """
    from sim.answers.calibrate import calibrate_answer

    emit(form, *calibrate_answer(out))


@click.command(short_help="Ours beside published numbers, with verdicts.")
@click.argument("names", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--targets",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Published numbers of one's own; alone, only these are compared.",
)
@click.option("--example", is_flag=True, help="Print a file of targets to begin with.")
@click.option(
    "--figure", type=click.Path(path_type=Path), metavar="FILE", help="Draw the score sheet: .png, .svg, .pdf."
)
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="DIR", help="Put it on the page of a finished study."
)
@formatted
def validate(
    names: tuple[str, ...],
    targets: tuple[Path, ...],
    example: bool,
    figure: Path | None,
    report: Path | None,
    form: str,
) -> None:
    """Compare what the program gives with published numbers and closed forms that it was not fitted to.

    TARGET is a block such as crossing_times or snapshots; all by default. Numbers that miss their band are shown as
    such, with what is known of the reason. Exits with 0 whatever the verdicts.
    """
    from sim.answers.validate import EXAMPLE, validate_answer
    from sim.study import load_study
    from sim.validation.registry import blocks_named, own_blocks

    if example:
        click.echo(EXAMPLE, nl=False)
        return
    require_figure(figure)
    study = None if report is None else load_study(report)
    blocks = [] if targets and not names else blocks_named(names)
    blocks += own_blocks(targets)
    with telling() as tell:
        answer = validate_answer(blocks, tell, figure, study)
    emit(form, *answer)
