"""The commands, the only place that prints: results on standard output, all else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:  # every room is imported by the command that needs it, so that help answers at once
    from sim.answers.files import FileAnswer
    from sim.study import Progress

F = TypeVar("F", bound=Callable[..., Any])
INPUT_WRONG, RUN_FAILED = 1, 3  # exit codes; 0 done, 2 usage (click's own)
KINDS = ("networks", "scenarios", "law", "reforms", "measures")
LAW_EXAMPLES = """\b
Examples:
  sim law us/mfn/rates/8708.40 --on 2017-08-16
      one value of the law; `sim list law` names the paths
  sim law --on 2025-03-05 --importer US --origin MX --hts 8544.30
      what is in force for goods and what is announced; with --value, to the cent
  sim law --difference us_2017_proposal
      what a reform changes in the law, and for the goods of a network
"""
MAKE_EXAMPLES = """\b
Examples:
  sim network make small --plants 2 --parts 10
      a few dozen lanes
  sim network make large --plants 40 --parts 500 --makers 8 --crossings 8 --background 2200
      3,800 recipes, 18,000 lanes; 2.7 million loads and 10.8 million other trucks a year
"""


class Commands(click.Group):
    """Answers a wrong command with the nearest one, and a wrong input with all its problems."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from sim.errors import nearest

            ctx.fail(f"no command '{args[0]}'. {nearest(args[0], self.list_commands(ctx), 'commands')}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit 1 where the input is wrong, 3 where a run failed."""
        from sim.errors import LedgerError, SimError

        try:
            return super().invoke(ctx)
        except SimError as error:
            click.echo(str(error), err=True)
            from sim.study.errors import RunError

            ctx.exit(RUN_FAILED if isinstance(error, RunError | LedgerError) else INPUT_WRONG)


def formatted(command: F) -> F:
    """Add ``--format text|json``."""
    choice = click.Choice(["text", "json"])
    return click.option("--format", "form", type=choice, default="text", help="How to show the result.")(command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "--version", package_name="nafta-sim", prog_name="sim")
def cli() -> None:
    """What trade law and border queues do to the cost of a car and to the plants that build it."""


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR...")
@click.option("--replications", type=click.IntRange(1), help="Replace the number written.")
@click.option("--seed", type=click.IntRange(0), help="Replace the seed written.")
@click.option("--engine", type=click.Choice(["compiled", "reference"]), default="compiled", show_default=True)
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one a core by default.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True)
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
    out: Path,
    ledger: str,
    no_report: bool,
    form: str,
) -> None:
    """Run scenarios or studies; results in OUT/<name>/. What is done already is not run again."""
    from sim.answers.given import plans_of
    from sim.answers.studies import study_answer, study_text
    from sim.study import run_study

    answers, shown = [], []
    for plan in plans_of(files):
        asked = plan.with_(replications, seed)
        with _progress(asked.name) as progress:
            study = run_study(
                asked, out / asked.name, jobs=jobs, progress=progress, engine=engine, ledger=ledger, tell=_say
            )
        page = None if no_report else study.report(again=False)
        answers.append(study_answer(study, page))
        shown.append(study_text(study, page))
    _emit(form, {"studies": answers}, "\n\n".join(shown))


@cli.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@formatted
def report(directory: Path, form: str) -> None:
    """Write the report of a finished study."""
    from sim.study import load_study

    page = load_study(directory).report()
    _emit(form, {"report": str(page)}, f"report: {page}")


@cli.command()
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
    _emit(form, {"files": answers}, "\n".join(shown))
    if not all(answer["ok"] for answer in answers):
        sys.exit(INPUT_WRONG)


@cli.command("list")
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
    _emit(form, answer, "\n\n".join(blocks))


@cli.command(short_help="What the law says of goods on a day; what a reform moves.", epilog=LAW_EXAMPLES)
@click.argument("path", required=False)
@click.option("--on", metavar="DATE", help="Day asked, such as 2025-03-05.")
@click.option("--importer", metavar="COUNTRY", help="US, CA or MX.")
@click.option("--origin", metavar="COUNTRY", help="Country of origin, such as MX; also shipped from there.")
@click.option("--hts", metavar="CODE", help="Tariff code, such as 8544.30.")
@click.option("--claim", default="", metavar="AGREEMENT", help="Agreement claimed, such as usmca.")
@click.option("--value", default="", metavar="MONEY", help="Customs value, such as 'USD 200000': amounts to the cent.")
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="Another fact, such as use=aftermarket.")
@click.option("--known", default="", metavar="DATE", help="Papers published by this day only.")
@click.option("--all", "show_all", is_flag=True, help="Also what ended, and what does not bear on the goods.")
@click.option("--reform", "reforms", multiple=True, metavar="NAME|FILE", help="Lay a reform over the law.")
@click.option(
    "--difference", "--compare", "compared", multiple=True, metavar="NAME|FILE", help="Tell what a reform moves."
)
@click.option("--network", "network_name", default="midsize", show_default=True, help="Goods of --difference.")
@formatted
def law(path: str | None, form: str, **options: Any) -> None:
    """What the law says: one value, what bears on goods on a day, or what a reform moves."""
    from sim.answers.ask import ask_law

    try:
        answer, text = ask_law(path, **options)
    except ValueError as error:  # the words do not make a question
        raise click.UsageError(str(error)) from None
    _emit(form, answer, text)


@cli.command(short_help="Whether a good originates: content, tests, status.")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--example", is_flag=True, help="Print a file to begin with.")
@formatted
def origin(files: tuple[str, ...], example: bool, form: str) -> None:
    """Test whether goods originate: from costs and materials to content, tests, status and citations.

    A file says one good, or many under `goods:`. `sim origin --example > good.yaml` writes one to begin with.
    """
    from sim.answers.files import origin_of

    _ask_files("origin", files, example, form, origin_of)


@cli.command(short_help="What the lines of an entry owe, to the cent.")
@click.argument("files", nargs=-1, metavar="FILE...")
@click.option("--example", is_flag=True, help="Print a file to begin with.")
@formatted
def duty(files: tuple[str, ...], example: bool, form: str) -> None:
    """Work out what declarations owe: elections at the least cost, duties, fees and citations, to the cent.

    A file says one entry or more, each with its lines. `sim duty --example > entry.yaml` writes one to begin with.
    """
    from sim.answers.files import duty_of

    _ask_files("duty", files, example, form, duty_of)


@cli.command()
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
    _emit(form, answer, text)


@cli.command()
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
    _emit(form, {"references": references}, "\n".join(lines))


@cli.command(short_help="Both engines on the same plans: speed, memory, equal or not.")
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="Engines take turns so often.")
@click.option(
    "--length", type=click.FloatRange(0, 10, min_open=True), default=1.0, show_default=True, help="Of a case."
)
@click.option(
    "--engine",
    "engines",
    multiple=True,
    type=click.Choice(["compiled", "reference", "eager"]),
    help="Only these; eager is the reference with every truck an event.  [default: compiled, reference]",
)
@click.option("--growth", is_flag=True, help="Generated networks, 10^4 to 10^7 trucks, compiled.")
@formatted
def bench(
    cases: tuple[str, ...], rounds: int, length: float, engines: tuple[str, ...], growth: bool, form: str
) -> None:
    """Run engines in turns on the same plans and compare their ledgers, row for row.

    CASE is five_servers, five_servers_loads, seat_control, midsize, midsize_fifo or generated; all by default, none
    with --growth alone. Exits with 3 where ledgers differ.
    """
    from sim.answers.bench import bench_answer
    from sim.bench import CASES, SIZES, case_named, measure_case, measure_growth
    from sim.engines.compiled import compile_once

    asked = [case_named(name) for name in cases] or ([] if growth else list(CASES))
    names = list(dict.fromkeys(engines or ("compiled", "reference")))
    with _telling() as tell:
        compile_once(tell)
        found = [measure_case(case, names, rounds, length=length, tell=tell) for case in asked]
        grown = measure_growth(list(SIZES), rounds, tell) if growth else []
    _emit(form, *bench_answer(found, grown))
    if any(x.difference for x in found):
        sys.exit(RUN_FAILED)


@cli.group(cls=Commands)
def network() -> None:
    """Check supplier networks, and make generated ones."""


@network.command("check")
@click.argument("names", nargs=-1, required=True, metavar="NAME|DIR...")
@formatted
def network_check(names: tuple[str, ...], form: str) -> None:
    """Tell every problem of a network, or "ok"."""
    from sim.errors import NetworkError
    from sim.network import check_network, load_network

    answers, shown = [], []
    for name in names:
        problems = check_network(name)
        listed = [{"where": p.where, "message": p.message} for p in problems]
        answers.append({"network": name, "ok": not problems, "problems": listed})
        if problems:
            shown.append(NetworkError(f"network {name}", problems).text())
        else:
            found = load_network(name)
            counts = f"{len(found.sites)} sites, {len(found.recipes)} recipes, {len(found.lanes)} lanes"
            shown.append(f"network {name}: ok ({counts}, {len(found.crossings)} crossings)")
    _emit(form, {"networks": answers}, "\n".join(shown))
    if not all(answer["ok"] for answer in answers):
        sys.exit(INPUT_WRONG)


@network.command("make", short_help="Write a generated network of any size.", epilog=MAKE_EXAMPLES)
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--plants", default=3, show_default=True, help="Assembly plants, 1 to 200.")
@click.option("--tiers", default=3, show_default=True, help="Tiers of suppliers, 1 to 6.")
@click.option("--parts", default=60, show_default=True, help="Parts of a vehicle, all tiers, up to 2,000.")
@click.option("--makers", default=3, show_default=True, help="Works that make each part, on average, 1 to 50.")
@click.option("--suppliers", type=int, help="Supplier sites, up to 2,000; a sixth of parts x makers by default.")
@click.option("--crossings", default=6, show_default=True, help="Border ports with booths, 2 to 40, both ways.")
@click.option("--vehicles-per-day", default=400, show_default=True, help="Built by each plant, 1 to 2,000.")
@click.option(
    "--background",
    default=1500,
    show_default=True,
    help="Everybody else's trucks on a weekday, at each port and each way, 0 to 20,000.",
)
@click.option("--milk-runs", is_flag=True, help="Small parts of one site for one other share trucks.")
@click.option("--seed", default=1, show_default=True, help="Another seed: another network of this shape.")
@click.option("--force", is_flag=True, help="Replace the network that is in FOLDER.")
@formatted
def network_make(folder: Path, seed: int, force: bool, form: str, **numbers: Any) -> None:
    """Write a generated network into FOLDER: for benchmarks and trials, of any size, no place in it real.

    It has recipes for parts x makers and one for each plant, fewer where a part has few users. From 3 plants,
    20 parts, 4 suppliers and 3 crossings on it has all there is: three countries and overseas, parts from two
    sources, other ways over other ports, one that closes at night, rail and sea. The same options write the
    same files.
    """
    from sim.answers.networks import make_network
    from sim.network.generate import Shape

    answer, text = make_network(folder, Shape(**numbers), seed, force)
    _emit(form, answer, text)


def _ask_files(
    kind: str, files: tuple[str, ...], example: bool, form: str, ask: Callable[[Path], list[FileAnswer]]
) -> None:
    """Answer files, or tell all that is wrong with all of them and answer none."""
    from sim.answers.files import answer_files, example_of
    from sim.answers.given import yaml_of

    if example == bool(files):  # both or neither
        raise click.UsageError(f"Give FILE..., or --example for one to begin with: sim {kind} --example > mine.yaml")
    if example:
        click.echo(example_of(kind), nl=False)
        return
    found = answer_files(list(yaml_of(files)), ask)
    if not found.problems:
        _emit(form, found.data, found.text)
    if found.problems or found.unmet:
        click.echo(found.problems or found.unmet, err=True)
        sys.exit(INPUT_WRONG)


def _emit(form: str, answer: dict[str, Any], text: str) -> None:
    if form == "json":
        import json

        text = json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(text)


def _say(text: str) -> None:
    """Tell what takes long, on standard error."""
    click.echo(text, err=True)


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says what is being done; whole lines where that is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _say
        return
    with console.status("") as status:
        yield lambda text: status.update(text)


@contextmanager
def _progress(name: str) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on standard error; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)

        def show(progress: Progress) -> None:
            bar.update(task, total=progress.total, completed=progress.done)

        yield show


def main() -> None:
    """Entry point of the command ``sim``."""
    cli(prog_name="sim")
