"""Commands on scenarios and studies: run, report, check, list, explain, cite."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.frame import INPUT_WRONG, RUN_FAILED, emit, formatted, progress, refuse_beside, say

if TYPE_CHECKING:
    from sim.study import StudyPlan
    from sim.study.cluster import Cluster

KINDS = ("networks", "scenarios", "law", "reforms", "measures")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR...")
@click.option("--replications", type=click.IntRange(1), help="Replace the number written.")
@click.option("--seed", type=click.IntRange(0), help="Replace the seed written.")
@click.option("--engine", type=click.Choice(["compiled", "reference"]), default="compiled", show_default=True)
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one a core by default.")
@click.option(
    "--cluster", metavar="ADDRESS", help="Scheduler of a dask cluster that shall do the work, such as tcp://host:8786."
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True)
@click.option(
    "--precision",
    multiple=True,
    metavar="MEASURE=WIDTH",
    help="Add replications until intervals are so narrow: 'cost_per_vehicle_usd=1 %' or '=5 USD/vehicle'.",
)
@click.option("--most", type=click.IntRange(2), help="Most replications of --precision; 1000 by default.")
@click.option("--only-replication", type=click.IntRange(0), metavar="N", help="Run just this one again, here.")
@click.option("--only-scenario", metavar="NAME", help="With --only-replication: of this scenario.")
@click.option(
    "--ledger",
    type=click.Choice(["all", "sample", "none"]),
    default="none",
    show_default=True,
    help="Store as Parquet the ledgers of all replications, of the first, of none.",
)
@click.option("--no-report", is_flag=True, help="Leave out the HTML report.")
@formatted
def run(
    files: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    engine: str,
    jobs: int | None,
    cluster: str | None,
    out: Path,
    precision: tuple[str, ...],
    most: int | None,
    only_replication: int | None,
    only_scenario: str | None,
    ledger: str,
    no_report: bool,
    form: str,
) -> None:
    """Run scenarios or studies; results in OUT/<name>/. What is done already is not run again.

    Where one of several fails, or its report, the others go on, and all that failed is told at the end.
    """
    from sim.answers.batch import REPORT, Batch
    from sim.answers.given import plans_of
    from sim.answers.studies import study_answer, study_text
    from sim.study import precision_of, run_only, run_study
    from sim.study.cluster import connected

    if cluster is not None:
        refuse_beside("--cluster", ("jobs", "only_replication"))
    if most is not None and not precision:
        raise click.UsageError("--most goes with --precision; a study file has `most:` below `precision:`.")
    if only_scenario is not None and only_replication is None:
        raise click.UsageError("--only-scenario goes with --only-replication.")
    wanted = precision_of(precision, most)
    plans = [plan.with_(replications, seed) for plan in plans_of(files)]
    batch = Batch(len(plans))

    def one(asked: StudyPlan, there: Cluster | None) -> tuple[dict[str, Any], str]:
        folder = out / asked.name
        if only_replication is not None:
            count = run_only(asked, folder, only_replication, only_scenario, engine=engine)
            answer = {"study": asked.name, "replication": only_replication, "runs": count}
            return answer, f"{asked.name}: replication {only_replication} done, {count} run{'s' * (count > 1)}."
        with progress(asked.name) as bar:
            study = run_study(
                asked,
                folder,
                jobs=there.workers if there else jobs,
                executor=there.executor if there else None,
                progress=bar,
                engine=engine,
                ledger=ledger,
                tell=say,
            )
        page = None
        with batch.keeping(asked, REPORT, folder):
            page = None if no_report else study.report(again=False)
        return study_answer(study, page), study_text(study, page)

    asked = [replace(plan, precision=wanted) for plan in plans] if wanted else plans
    with connected(cluster, say) as there:
        done = batch.each(asked, out, lambda plan: one(plan, there), say)
    if done or form == "json":
        answer = {"studies": [answer for answer, _ in done], "failed": batch.answer()}
        emit(form, answer, "\n\n".join(text for _, text in done))
    if batch.failed:
        say(batch.text())
        sys.exit(RUN_FAILED if any(failed.is_defect for failed in batch.failed) else INPUT_WRONG)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--pdf", is_flag=True, help="Write report.pdf too: numbered figures and tables, references, manifest.")
@formatted
def report(directory: Path, pdf: bool, form: str) -> None:
    """Write the report of a finished study."""
    from sim.study import load_study

    study = load_study(directory)
    page = study.report()
    answer, text = {"report": str(page)}, f"report: {page}"
    if pdf:
        from sim.report import build_document

        answer["document"] = str(build_document(study.directory))
        text += f"\ndocument: {answer['document']}"
    emit(form, answer, text)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@formatted
def check(files: tuple[str, ...], form: str) -> None:
    """Tell every problem of scenarios, studies, networks and reforms of the law, or "ok"."""
    from sim.answers.given import check_file, yaml_of
    from sim.errors import SimError

    answers, shown = [], []
    for name in yaml_of(files):
        try:
            check_file(name)
        except SimError as error:
            problems = [{"where": p.where, "message": p.message} for p in error.problems]
            answers.append({"file": name, "ok": False, "problems": problems})
            shown.append(str(error))
        else:
            answers.append({"file": name, "ok": True, "problems": []})
            shown.append(f"{name}: ok")
    emit(form, {"files": answers}, "\n".join(shown))
    if not all(answer["ok"] for answer in answers):
        sys.exit(INPUT_WRONG)


@click.command("list")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@formatted
def list_(kind: str | None, form: str) -> None:
    """List what can be named: networks, scenarios, law, reforms or measures."""
    from sim.answers.lists import list_entries
    from sim.text import columns_of

    answer = {name: list_entries(name) for name in ([kind] if kind else KINDS)}
    blocks = []
    for name, entries in answer.items():
        head = [] if kind else [f"{name}:"]
        blocks.append("\n".join(head + columns_of([list(entry.values()) for entry in entries])))
    emit(form, answer, "\n\n".join(blocks))


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--vehicle", metavar="ID", help="Assembly recipe, as `sim list` or the report names it.")
@click.option("--load", "load_id", metavar="ID", help="One load: <lane id>#<number>.")
@click.option("--entry", metavar="ID", help="One entry: its number.")
@click.option("--scenario", metavar="NAME", help="The baseline by default.")
@formatted
def explain(
    directory: Path,
    vehicle: str | None,
    load_id: str | None,
    entry: str | None,
    scenario: str | None,
    form: str,
) -> None:
    """Why a vehicle costs what it costs, where a load was, or what an entry owed (replication 0)."""
    from sim.study import load_study
    from sim.study.explain import explain_fact

    asked = {"vehicle": vehicle, "load": load_id, "entry": entry}
    given = {kind: name for kind, name in asked.items() if name is not None}
    if len(given) != 1:
        raise click.UsageError("Give one of --vehicle ID, --load ID, --entry ID.")
    kind, name = next(iter(given.items()))
    answer, text = explain_fact(load_study(directory), kind, name, scenario)
    emit(form, answer, text)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@formatted
def cite(directory: Path, form: str) -> None:
    """What a finished study must cite."""
    from sim.study import load_study

    references = load_study(directory).manifest["references"]
    lines = [
        ". ".join(filter(None, (entry["title"], entry["href"])))
        + ("" if entry["status"] == "seen" else f" [{entry['status']}]")
        for entry in references
    ]
    emit(form, {"references": references}, "\n".join(lines))


@click.command()
@click.argument("directories", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE", help="Write the table as Markdown too.")
@formatted
def findings(directories: tuple[Path, ...], page: Path | None, form: str) -> None:
    """Hold finished studies to what was predicted: agrees, disagrees, undecided; DIR is a study or holds some."""
    from sim.answers.findings import findings_answer, studies_in, write_page

    answer, text, markdown = findings_answer(studies_in(directories))
    if page is not None:
        write_page(page, markdown)
        text += f"\npage: {page}"
    emit(form, answer, text)
