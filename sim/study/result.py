"""A finished study as read from its folder: values of every run, tables, and paired comparisons."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import DataError, nearest
from sim.locate import is_file
from sim.study.compare import Comparison, paired
from sim.study.manifest import NAME, read_manifest, sealed_files
from sim.study.precision import Reached, as_precision, where_it_stands
from sim.study.shown import Table
from sim.study.store import BANDS, FORMAT, file_digest, read_bands, read_json, read_series, read_values, report_digest
from sim.study.sweep import Sweep, as_sweep
from sim.study.warm_up import Drift

# Measures whose items are parts of a sum: an item that a run does not name is 0 there, not unknown.
ADDITIVE = (
    "cost_per_vehicle_usd",
    "duty_per_vehicle_usd",
    "stoppage_usd",
    "border_passages",
    "receipts_usd",
    "trade_usd",
    "trade_balance_usd",
    "labour_h",
    "labour_h_per_vehicle",
)

_AGAIN = "Run the study again: what is whole is kept."
WHOLE = ("", "total", "mean")  # items that stand for a measure as a whole, the first that there is
PER_VEHICLE = ("cost_per_vehicle_usd", "duty_per_vehicle_usd", "labour_h_per_vehicle")  # means over what was delivered


def whole_of(items: Sequence[str]) -> str | None:
    """The item that stands for a measure as a whole; None where none of its items does."""
    return next((name for name in WHOLE if name in items), None)


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that the short table of a study shows to `decimals` digits; of `items` the first that was measured."""

    key: str
    title: str
    unit: str
    decimals: int
    measure: str
    items: tuple[str, ...]


HEADLINES = (
    Headline("cost_per_vehicle_usd", "cost", "USD/vehicle", 2, "cost_per_vehicle_usd", ("total",)),
    Headline("duty_per_vehicle_usd", "duty", "USD/vehicle", 2, "cost_per_vehicle_usd", ("duty",)),
    Headline("border_hours_per_vehicle", "border", "h/vehicle", 3, "border_hours_per_vehicle", ("", "total", "mean")),
    Headline("vehicles_lost", "lost", "vehicles", 1, "vehicles_lost", ("", "total")),
)


@dataclass(frozen=True, slots=True)
class Study:
    """A finished study.

    Parameters
    ----------
    directory : Path
        Its folder.
    manifest : dict
        Content of manifest.json.
    values : dict of str to array[rows]
        Columns scenario, replication, measure, vehicle, item, value; one row a run and measured item.
    """

    directory: Path
    manifest: dict[str, Any] = field(repr=False)
    values: dict[str, NDArray[Any]] = field(repr=False)
    _series: dict[tuple[str, str, str], NDArray[np.float64]] = field(repr=False)

    @property
    def name(self) -> str:
        """Name of the study."""
        return str(self.manifest["study"])

    @property
    def baseline(self) -> str:
        """Name of the baseline scenario."""
        return str(self.manifest["baseline"])

    @property
    def baselines(self) -> tuple[str, ...]:
        """Names of all scenarios that the study compares with."""
        return tuple(self.manifest["baselines"])

    @property
    def sweeps(self) -> tuple[Sweep, ...]:
        """Families of scenarios that vary something."""
        return tuple(as_sweep(entry) for entry in self.manifest["sweeps"])

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios, the baseline first."""
        return tuple(entry["name"] for entry in self.manifest["scenarios"])

    @property
    def replications(self) -> int:
        """Replications of each scenario."""
        return int(self.manifest["replications"])

    def measures(self) -> tuple[str, ...]:
        """Names of the measures that were taken."""
        return tuple(sorted({key[0] for key in self._series}))

    def items(self, measure: str, vehicle: str = "all") -> tuple[str, ...]:
        """Items of a measure, in the order stored."""
        return tuple(key[2] for key in self._series if key[:2] == (measure, vehicle))

    def vehicles(self) -> tuple[str, ...]:
        """Assembly recipes that were measured."""
        return tuple(sorted({key[1] for key in self._series} - {"all"}))

    def series(self, measure: str, vehicle: str = "all", item: str = "") -> dict[str, NDArray[np.float64]]:
        """One measured item as an array over replications for each scenario.

        Returns
        -------
        dict of str to float64[replications]
            NaN where a run has no value; 0 instead for parts of a sum (see `ADDITIVE`).

        Raises
        ------
        DataError
            No such measure, vehicle or item; names the nearest.
        """
        self._require(measure, vehicle, item)
        return dict(zip(self.scenarios, self._series[measure, vehicle, item], strict=True))

    def compare(
        self, measure: str, vehicle: str = "all", item: str = "", baseline: str | None = None
    ) -> list[Comparison]:
        """Each scenario against the baseline, paired by replication.

        Parameters
        ----------
        measure, vehicle, item : str
            What is compared; see `measures`, `vehicles`, `items`.
        baseline : str, optional
            Another scenario to compare with.

        Returns
        -------
        list of Comparison
            In the order of the study, the baseline first with difference 0.

        Raises
        ------
        DataError
            No such measure, vehicle, item or scenario; names the nearest.
        """
        against = self.baseline if baseline is None else baseline
        if against not in self.scenarios:
            near = nearest(against, self.scenarios, "scenarios")
            raise DataError(str(self.directory), [f"no scenario named '{against}'. {near}"])
        series = self.series(measure, vehicle, item)
        return [paired(name, series[name], series[against]) for name in self.scenarios]

    def whole(self, measure: str, item: str = "", vehicle: str = "all") -> list[Comparison]:
        """Compare one item of a measure, or the measure as a whole: its unnamed item, else ``total``, else ``mean``.

        Raises
        ------
        DataError
            No such measure or item, or a measure that has no whole.
        """
        return self.compare(measure, vehicle, item or whole_of(self.items(measure, vehicle)) or "")

    def precision(self) -> list[Reached]:
        """Where each target of precision stands; empty where none was asked for."""
        asked = self.manifest["precision"]
        return where_it_stands(as_precision(asked), self.whole) if asked else []

    def warm_up(self) -> list[Drift]:
        """Whether the warm-up of each baseline without shocks was long enough, by what fills its network."""
        return [Drift(**entry) for entry in self.manifest["warm_up"]]

    def bands(self, series: str, item: str = "", scenario: str | None = None) -> dict[str, NDArray[Any]]:
        """How the replications of one series lie, day by day over the whole run, warm-up included.

        Parameters
        ----------
        series : str
            Such as ``wait_min_by_day`` (items are crossings), ``built_by_day``, ``moving_by_day``, ``stocked_by_day``.
        scenario : str, optional
            The baseline by default.

        Returns
        -------
        dict of str to array[days]
            Columns ``day`` (ISO dates), ``n`` (replications with a figure), ``low_5``, ``median``, ``high_95``.

        Raises
        ------
        DataError
            No such scenario, series or item; names the nearest.
        """
        name = self.baseline if scenario is None else scenario
        found = read_bands(self.directory / BANDS, name, series, item)
        if not found["day"].size:
            known = read_series(self.directory / BANDS, name)
            raise DataError(str(self.directory), [_no_band(self.scenarios, known, name, series, item)])
        return found

    def band_items(self, series: str, scenario: str | None = None) -> tuple[str, ...]:
        """Items of a series of which a scenario (the baseline by default) has bands, sorted; empty for no such series.

        Scenarios may differ: a port that one of them opens has no trucks in the others.
        """
        known = read_series(self.directory / BANDS, self.baseline if scenario is None else scenario)
        return tuple(item for name, item in known if name == series)

    def headlines(self, vehicle: str = "all", baseline: str | None = None) -> list[tuple[Headline, list[Comparison]]]:
        """Cost, duty, border hours and vehicles lost (those that were measured), each compared."""
        found = []
        for headline in HEADLINES:
            known = self.items(headline.measure, vehicle)
            item = next((name for name in headline.items if name in known), None)
            if item is not None:
                found.append((headline, self.compare(headline.measure, vehicle, item, baseline)))
        return found

    def table(self, vehicle: str = "all", baseline: str | None = None) -> Table:
        """Headline results of every scenario: mean and change from the baseline, each with its half-width.

        A column ``note`` says why an interval is missing.
        """
        blocks = self.headlines(vehicle, baseline)
        columns = ["scenario"]
        for headline, _ in blocks:
            name = f"{headline.title} ({headline.unit})"
            columns += [name, f"± 95 % of {name}", f"change of {name}", f"± 95 % of change of {name}"]
        rows = [
            (
                scenario,
                *(part for _, block in blocks for part in _parts(block[k])),
                "; ".join(dict.fromkeys(filter(None, (block[k].reason for _, block in blocks)))),
            )
            for k, scenario in enumerate(self.scenarios)
        ]
        return Table(str(self.manifest["title"]), (*columns, "note"), tuple(rows))

    def facts(self, scenario: str | None = None) -> dict[str, Any]:
        """Facts of replication 0 (passports, claims, contents, counts) of a scenario, or of the baseline.

        Raises
        ------
        DataError
            No such scenario, or its file of facts is gone.
        """
        return self._told("facts", scenario)

    def resolved(self, scenario: str | None = None) -> dict[str, Any]:
        """A scenario as it was run, or the baseline, with every value that was left out.

        Raises
        ------
        DataError
            No such scenario, or its file is gone.
        """
        return self._told("resolved", scenario)

    def _told(self, folder: str, scenario: str | None) -> dict[str, Any]:
        """What a folder of the study holds of a scenario, or of the baseline."""
        name = self.baseline if scenario is None else scenario
        if name not in self.scenarios:
            near = nearest(name, self.scenarios, "scenarios")
            raise DataError(str(self.directory), [f"no scenario named '{name}'. {near}"])
        content = read_json(self.directory / folder / f"{name}.json")
        if content is None:
            raise DataError(str(self.directory), [f"{folder}/{name}.json is missing. Run the study again."])
        return content

    @property
    def plot(self) -> Any:
        """Figures of this study, one function each, such as ``study.plot.cost_waterfall()``."""
        # The one look upwards: a reader expects figures here, and the report room owns them.
        return importlib.import_module("sim.report").plots(self)

    def report(self, *, again: bool = True) -> Path:
        """Write the report of this study and return its page.

        Parameters
        ----------
        again : bool
            Write it even if the page there was made from the same results by the same code.
        """
        page, seal = self.directory / "report.html", self.directory / ".report"
        key = f"{file_digest(self.directory / NAME)} {report_digest()}\n"
        if again or not page.is_file() or not seal.is_file() or seal.read_text(encoding="utf-8") != key:
            page = importlib.import_module("sim.report").build_report(self.directory)
            seal.write_text(key, encoding="utf-8")
        return page

    def _require(self, measure: str, vehicle: str, item: str) -> None:
        checks: Sequence[tuple[str, str, Iterable[str]]] = (
            ("measure", measure, self.measures()),
            ("vehicle", vehicle, ("all", *self.vehicles())),
        )
        problems = [
            f"no {kind} named '{name}'. {nearest(name, known, kind + 's')}"
            for kind, name, known in checks
            if name not in tuple(known)
        ]
        items = self.items(measure, vehicle)
        if not problems and item not in items:
            problems.append(f"{measure} has no item '{item}'. {nearest(item, items, 'items')}")
        if problems:
            raise DataError(str(self.directory), problems)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _no_band(scenarios: Sequence[str], known: Sequence[tuple[str, str]], scenario: str, series: str, item: str) -> str:
    names = sorted({name for name, _ in known})
    if scenario not in scenarios:
        return f"no scenario named '{scenario}'. {nearest(scenario, scenarios, 'scenarios')}"
    if series not in names:
        return f"no series named '{series}'. {nearest(series, names, 'series')}"
    items = [x for name, x in known if name == series]
    return f"{series} of {scenario} has no item '{item}'. {nearest(item, items, 'items')}"


def load_study(directory: str | Path) -> Study:
    """Read a finished study.

    Raises
    ------
    DataError
        No finished study there, one of another version, or a damaged file.
    """
    folder = Path(directory)
    manifest = read_manifest(folder)
    if manifest is None:
        if is_file(folder / NAME):
            raise DataError(str(directory), [f"{NAME} is damaged. {_AGAIN}"])
        raise DataError(str(directory), [f"no finished study here ({NAME} is missing). Run it first."])
    if manifest.get("format") != FORMAT:
        found = manifest.get("format")
        raise DataError(str(directory), [f"is of format {found}; this version reads {FORMAT}. Run it again."])
    files = [(r["scenario"], int(r["replication"]), folder / r["file"]) for r in manifest["runs"]]
    problems = [
        f"{path.relative_to(folder).as_posix()} is missing or not what the manifest says. {_AGAIN}"
        for path, digest in sealed_files(folder).items()
        if not is_file(path) or file_digest(path) != digest
    ]
    if problems:
        raise DataError(str(directory), problems)
    values = read_values(files)
    names = [entry["name"] for entry in manifest["scenarios"]]
    return Study(folder, manifest, values, _matrices(values, names, int(manifest["replications"])))


def lacking_items(files: Sequence[tuple[str, int, Path]], wanted: Iterable[tuple[str, str]]) -> list[str]:
    """What some runs do not hold of measures and items of all vehicles, with the nearest; ``""`` is the whole.

    Parameters
    ----------
    files : sequence of (scenario, replication, path)
        Results of runs.
    wanted : iterable of (measure, item)
    """
    values = read_values(files)
    names = zip(*(values[name].tolist() for name in ("measure", "vehicle", "item")), strict=True)
    known: dict[str, dict[str, None]] = {}
    for measure, vehicle, item in names:
        if vehicle == "all":
            known.setdefault(measure, {})[item] = None
    problems = []
    for measure, item in wanted:
        items = list(known.get(measure, {}))
        if (item or whole_of(items)) not in items:
            problems.append(f"{measure} {_lack(item, items)}")
    return problems


def _lack(item: str, items: Sequence[str]) -> str:
    named = [name for name in items if name]
    if not items:
        return "is not measured in the first replication. Name another measure."
    if not named:
        return f"has no items, and so no '{item}'. Leave it out."
    if not item:
        return f"has no whole. Name one of its items: {', '.join(sorted(named))}."
    return f"has no item '{item}' in the first replication. {nearest(item, named, 'items')}"


def _matrices(
    values: dict[str, NDArray[Any]], scenarios: list[str], replications: int
) -> dict[tuple[str, str, str], NDArray[np.float64]]:
    """Each measured item as a table, a row a scenario and a column a replication."""
    place = {name: row for row, name in enumerate(scenarios)}
    found: dict[tuple[str, str, str], NDArray[np.float64]] = {}
    measured: set[tuple[str, str, int, int]] = set()
    columns = (values[name].tolist() for name in ("scenario", "replication", "measure", "vehicle", "item", "value"))
    for scenario, replication, measure, vehicle, item, value in zip(*columns, strict=True):
        key = (measure, vehicle, item)
        if key not in found:
            absent = 0.0 if measure in ADDITIVE else np.nan
            found[key] = np.full((len(scenarios), replications), absent)
        found[key][place[scenario], replication] = value
        measured.add((measure, vehicle, place[scenario], replication))
    for (measure, vehicle, _), table in found.items():
        if measure not in PER_VEHICLE:
            continue
        for row, column in product(range(len(scenarios)), range(replications)):
            if (measure, vehicle, row, column) not in measured:  # nothing was built: no cost is known, not a cost of 0
                table[row, column] = np.nan
    return found


def _parts(row: Comparison) -> tuple[float | None, ...]:
    return row.mean, row.mean_half_width_95, row.difference, row.half_width_95
