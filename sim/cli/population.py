"""The command on a population of makers: laffer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.frame import emit, formatted, refuse_beside, require_figure, say

EXAMPLES = """\b
Examples:
  sim laffer
      the population that comes with the program, under 62.5, 75 and 85 %
  sim laffer --example > weights.csv
  sim laffer --weights weights.csv --rule 70 --rule 82
      a population of your own
  sim laffer --labels --figure curve.svg
      the carlines of content labels, as a figure
  sim laffer --textbook
      the article's illustration in closed form
"""


@click.command(short_help="Content rules on a population of makers: the Laffer curve.", epilog=EXAMPLES)
@click.option("--weights", metavar="FILE", help="A CSV file of makers.  [default: shipped estimates]")
@click.option("--example", is_flag=True, help="Print a file of weights to begin with.")
@click.option("--labels", is_flag=True, help="Carlines of content labels instead of weights.")
@click.option("--textbook", is_flag=True, help="The article's illustration in closed form instead.")
@click.option("--rule", "rules", type=float, multiple=True, metavar="PERCENT", help="[default: 62.5, 75, 85]")
@click.option(
    "--location",
    type=click.Choice(["fixed", "moving", "both"]),
    default="both",
    show_default=True,
    help="Whether assembly may move.",
)
@click.option("--printed-condition", is_flag=True, help="Weigh the charge against parts, as the article prints it.")
@click.option("--theta", type=float, help="Likeness of parts.  [default: 4]")
@click.option("--mu", type=float, help="Mean of ln delta, foreign over regional cost.  [default: 0.11]")
@click.option("--sigma", type=float, help="Its standard deviation.  [default: 0.18]")
@click.option("--alpha-mean", type=float, help="Mean share of assembly.  [default: 0.15]")
@click.option("--alpha-precision", type=float, help="Precision of that share; inf: all alike.  [default: 3]")
@click.option("--eta", type=float, help="Elasticity of demand.  [default: 4]")
@click.option("--zeta", type=float, help="Assembly jobs for a job in regional parts.  [default: 0.647]")
@click.option("--kappa", type=float, help="Cost of distance to suppliers.  [default: 1.2]")
@click.option("--figure", type=click.Path(path_type=Path), metavar="FILE", help="Draw it: .svg, .png or .pdf.")
@formatted
def laffer(
    weights: str | None,
    example: bool,
    labels: bool,
    textbook: bool,
    rules: tuple[float, ...],
    location: str,
    figure: Path | None,
    form: str,
    **parameters: Any,
) -> None:
    """Put makers under rules of regional content: who complies, pays or leaves; content, prices, jobs.

    A file of weights has a line for each kind of maker. Its columns: class, assembly, weight, tau_D, tau_D_q, tau_R,
    tau_R_q, tau_F, tau_F_q; only tau_D, one plus the charge when paying from home, must be there.
    """
    from sim.answers import laffer as answers
    from sim.population.assumptions import assumptions

    if sum((bool(weights), example, labels, textbook)) > 1:
        raise click.UsageError("Give one of --weights FILE, --example, --labels, --textbook.")
    require_figure(figure)
    if example or textbook:
        ignored = {"rules", "location", *parameters} | ({"figure"} if example else set())
        refuse_beside("--example" if example else "--textbook", ignored)
    elif labels:
        refuse_beside("--labels", {"location"})
    if example:
        from sim.population.weights_file import shipped_text

        click.echo(shipped_text(), nl=False)
        return
    given = assumptions(**parameters)
    asked = rules or answers.RULES_PCT
    if textbook:
        answer, text, movers = answers.textbook_answer()
    elif labels:
        answer, text, curves = answers.labels_answer(asked, given)
    else:
        answer, text, curves = answers.weights_answer(weights, asked, location, given)
    emit(form, answer, text)
    if figure is not None:
        from sim.report.laffer_figure import laffer_curves, relocation
        from sim.report.style import save_as

        drawn = (
            relocation(movers, "article's illustration") if textbook else laffer_curves(curves, answer["population"])
        )
        save_as(drawn, figure)
        say(f"figure: {figure}")
