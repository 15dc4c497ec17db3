"""The command on policy trees: tree."""

from __future__ import annotations

from pathlib import Path

import click

from sim.cli.frame import emit, formatted, progress, refuse_beside, require_figure, say

EXAMPLES = """\b
Examples:
  sim tree canada_mexico_2025 --figure tree.png
      is stock worth building before tariffs that may be put off?
  sim tree joint_review_2026 --replications 2
      choose other suppliers now, wait a quarter, or stay?
"""


@click.command(short_help="Plans of firms judged across dated branches.", epilog=EXAMPLES)
@click.argument("file")
@click.option("--replications", type=click.IntRange(1), help="Replace the number written.")
@click.option("--seed", type=click.IntRange(0), help="Replace the seed written.")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one a core by default.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Scheduler of a dask cluster that shall do the work, such as tcp://host:8786."
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True)
@click.option("--figure", type=click.Path(path_type=Path), metavar="FILE", help="Draw it: .svg, .png or .pdf.")
@click.option("--report", is_flag=True, help="Write the page of its study, figure and table on it.")
@formatted
def tree(
    file: str,
    replications: int | None,
    seed: int | None,
    jobs: int | None,
    cluster: str | None,
    out: Path,
    figure: Path | None,
    report: bool,
    form: str,
) -> None:
    """Run every leaf of FILE with everything that firms may do along it, and judge their plans across all of them.

    Results are those of a study in OUT/<name>/; other probabilities or plans run nothing again.
    """
    from sim.answers.tree import tree_answer, write_tree
    from sim.study.cluster import connected
    from sim.study.tree.cases import with_
    from sim.study.tree.load import load_tree
    from sim.study.tree.run import run_tree

    require_figure(figure)
    if cluster is not None:
        refuse_beside("--cluster", ("jobs",))
    asked = with_(load_tree(file), replications, seed)
    with connected(cluster, say) as there, progress(asked.name) as bar:
        workers, executor = (there.workers, there.executor) if there else (jobs, None)
        grown = run_tree(asked, out / asked.name, jobs=workers, executor=executor, progress=bar, tell=say)
    write_tree(grown, grown.study.directory)
    emit(form, *tree_answer(grown))
    if figure is not None:
        from sim.report.tree_figure import save_tree

        say(f"figure: {save_tree(grown, figure)}")
    if report:
        from sim.answers.annexes import keep_tree

        say(f"report: {keep_tree(grown)}")
