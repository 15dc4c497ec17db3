"""Commands on markets: prices, sales, jobs and trade after a reform; plants that move, and plants that enter."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.frame import emit, formatted, require_figure, say, telling

EXAMPLES = """\b
Examples:
  sim market nafta_withdrawal
      prices, vehicles sold at home and exported, jobs, balances; as planned
  sim market outputs/renegotiation_2017 --scenario us_proposal_85_50
      the same with the intervals of a finished study
  sim market outputs/renegotiation_2017 --scenario border_tax_35 --report
      and on the page of that study
  sim market nafta_withdrawal --pass-through 66 --elasticity 1.3 --table market.csv
"""


@click.command(short_help="Prices, sales, jobs and trade balances before and after a reform.", epilog=EXAMPLES)
@click.argument("name", metavar="SCENARIO|STUDY|DIR")
@click.option("--scenario", metavar="NAME", help="Of a study: the one that is asked about; the last by default.")
@click.option("--baseline", metavar="NAME", help="Of a study: what it is compared with.")
@click.option("--pass-through", type=click.FloatRange(0, 300), metavar="PCT", help="Of a change in cost, into prices.")
@click.option("--elasticity", type=click.FloatRange(0, 100), metavar="ETA", help="Of demand, constant.")
@click.option("--table", type=click.Path(path_type=Path), metavar="FILE", help="Write every figure as CSV.")
@click.option("--figure", type=click.Path(path_type=Path), metavar="FILE", help="Draw it: .svg, .png or .pdf.")
@click.option("--report", is_flag=True, help="Of a finished study: put figure and table on its page.")
@formatted
def market(
    name: str,
    scenario: str | None,
    baseline: str | None,
    pass_through: float | None,
    elasticity: float | None,
    table: Path | None,
    figure: Path | None,
    report: bool,
    form: str,
) -> None:
    """Let prices follow costs and sales prices; tell vehicles, jobs by country and tier, and trade by pair.

    A scenario or study file is planned in seconds; the folder of a finished study gives costs with their intervals.
    """
    from sim.answers.market import market_answer, write_table
    from sim.study import load_study

    require_figure(figure)
    study = load_study(name) if report else None
    with telling() as tell:
        answer, text, response = market_answer(name, scenario, baseline, pass_through, elasticity, tell)
    emit(form, answer, text)
    if table is not None:
        say(f"table: {write_table(answer, table)}")
    if figure is not None:
        from sim.report.market_figure import save_market

        say(f"figure: {save_market(response, figure)}")
    if study is not None:
        from sim.answers.annexes import keep_market

        say(f"report: {keep_market(study, answer, response)}")


@click.command(short_help="Whether assembly stays or moves, plant by plant.")
@click.argument("scenario")
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="DIR", help="Put it on the page of a finished study."
)
@formatted
def relocate(scenario: str, report: Path | None, form: str) -> None:
    """Weigh every plant of SCENARIO's network against other countries, overseas too, by discounted cost.

    A fixed cost and a lag stand between the decision and the new plant; the law is that known on the day. Where the
    scenario says `firms: settled`, every place has its own best sources.
    """
    from sim.answers.relocate import relocate_answer
    from sim.study import load_study

    study = None if report is None else load_study(report)
    with telling() as tell:
        answer, text = relocate_answer(scenario, tell)
    emit(form, answer, text)
    if study is not None:
        from sim.answers.annexes import keep_relocate

        say(f"report: {keep_relocate(study, answer)}")


@click.command(short_help="Whether a Chinese-owned plant in Mexico would be built.")
@click.argument("scenario")
@click.option("--like", required=True, metavar="RECIPE", help="Vehicle whose markets it would share.")
@click.option("--reform", "reforms", multiple=True, metavar="NAME|FILE", help="Ask once more with this reform.")
@formatted
def entrant(scenario: str, like: str, reforms: tuple[str, ...], form: str) -> None:
    """Weigh a new plant under SCENARIO's law, and under each reform laid over it, such as non_market_limit_10."""
    from sim.answers.relocate import entrant_answer

    with telling() as tell:
        answer, text = entrant_answer(scenario, like, reforms, tell)
    emit(form, answer, text)
