"""Commands on networks and engines: network check, network make, network values, bench."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from sim.cli.frame import INPUT_WRONG, RUN_FAILED, Commands, emit, formatted, refuse_beside, telling

MAKE_EXAMPLES = """\b
Examples:
  sim network make small --plants 2 --parts 10
      a few dozen lanes
  sim network make large --plants 40 --parts 500 --makers 8 --crossings 8 --background 2200
      3,800 recipes, 18,000 lanes; 2.7 million loads and 10.8 million other trucks a year
"""


@click.command(short_help="Both engines on the same plans: speed, memory, equal or not.")
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
@click.option("--study", metavar="NAME", help="Instead, a scenario or study run from nothing: runs a minute, memory.")
@click.option("--replications", type=click.IntRange(1), help="With --study: replace the number written.")
@click.option("--workers", multiple=True, type=click.IntRange(1), help="With --study: 1 and 2 by default.")
@formatted
def bench(
    cases: tuple[str, ...],
    rounds: int,
    length: float,
    engines: tuple[str, ...],
    growth: bool,
    study: str | None,
    replications: int | None,
    workers: tuple[int, ...],
    form: str,
) -> None:
    """Run engines in turns on the same plans and compare their ledgers, row for row.

    CASE is five_servers, five_servers_loads, seat_control, midsize, midsize_fifo, north_america or generated; all by
    default, none with --growth alone. Exits with 3 where ledgers differ.
    """
    if study is not None:
        refuse_beside("--study", ("cases", "rounds", "length", "engines", "growth"))
        from sim.answers.bench import pace_answer
        from sim.study import as_plan
        from sim.study.pace import measure_pace

        plan = as_plan(study).with_(replications)
        with telling() as tell:
            paces = measure_pace(plan, sorted(set(workers or (1, 2))), tell)
        emit(form, *pace_answer(plan, paces))
        return
    if replications is not None or workers:
        raise click.UsageError("--replications and --workers go with --study.")
    from sim.answers.bench import bench_answer
    from sim.bench import CASES, SIZES, case_named, measure_case, measure_growth
    from sim.engines.compiled import compile_once

    asked = [case_named(name) for name in cases] or ([] if growth else list(CASES))
    names = list(dict.fromkeys(engines or ("compiled", "reference")))
    with telling() as tell:
        compile_once(tell)
        found = [measure_case(case, names, rounds, length=length, tell=tell) for case in asked]
        grown = measure_growth(list(SIZES), rounds, tell) if growth else []
    emit(form, *bench_answer(found, grown))
    if any(x.difference for x in found):
        sys.exit(RUN_FAILED)


@click.group(cls=Commands)
def network() -> None:
    """Check supplier networks, make generated ones, bring them in and out as spreadsheets."""


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
    emit(form, {"networks": answers}, "\n".join(shown))
    if not all(answer["ok"] for answer in answers):
        sys.exit(INPUT_WRONG)


@network.command("values", short_help="Vehicles and parts by port, beside the statistics of trade.")
@click.argument("name", metavar="NAME|DIR", default="north_america")
@click.option("--year", type=click.IntRange(2021, 2023), default=2023, show_default=True, help="Of the statistics.")
@formatted
def network_values(name: str, year: int, form: str) -> None:
    """Set what a network carries over each land port of the United States (HS 87) beside what was counted there."""
    from sim.answers.port_values import values_answer

    emit(form, *values_answer(name, year))


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

    The shipped networks are made from tables of facts by `python -m sim.network.make_north_america FOLDER` and the
    like; their SOURCES.md tell how.

    It has recipes for parts x makers and one for each plant, fewer where a part has few users. From 3 plants,
    20 parts, 4 suppliers and 3 crossings on it has all there is: three countries and overseas, parts from two
    sources, other ways over other ports, one that closes at night, rail and sea. The same options write the
    same files.
    """
    from sim.answers.networks import make_network
    from sim.network.generate import Shape

    answer, text = make_network(folder, Shape(**numbers), seed, force)
    emit(form, answer, text)


@network.command("import", short_help="Make a network from a spreadsheet.")
@click.argument("book", type=click.Path(path_type=Path), metavar="BOOK")
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--force", is_flag=True, help="Replace the network that is in FOLDER.")
@formatted
def network_import(book: Path, folder: Path, force: bool, form: str) -> None:
    """Make a checked network in FOLDER from BOOK: an .xlsx file, or a folder of CSV sheets.

    Five sheets are enough: sites (id, country, lat_deg, lon_deg), parts (id, hts_code, cost_usd), bill (part, input,
    quantity_per), lanes (from_site, to_site, part) and vehicles (site, part, vehicles_per_day). What they do not say
    is filled in and listed. A book written by `sim network export` is taken cell by cell.
    """
    from sim.answers.workbook import import_answer

    emit(form, *import_answer(book, folder, force))


@network.command("export", short_help="Write a network as a spreadsheet.")
@click.argument("name", metavar="NAME|DIR")
@click.argument("book", type=click.Path(path_type=Path), metavar="BOOK")
@formatted
def network_export(name: str, book: Path, form: str) -> None:
    """Write every file of a network as a sheet of BOOK: an .xlsx file, or a folder of CSV sheets."""
    from sim.answers.workbook import export_answer

    emit(form, *export_answer(name, book))
