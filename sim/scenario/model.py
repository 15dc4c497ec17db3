"""What a scenario is: one question with its network, law, firms, horizon, shocks and seed, all frozen."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.clock import Clock
from sim.currency import Move, Worth
from sim.errors import ScenarioError, nearest
from sim.locate import name_problem
from sim.parameters import Parameters, load_parameters, regime_names
from sim.scenario.conduct import Turn, turn_problems
from sim.scenario.own import named, settled_network, settled_reform
from sim.scenario.predictions import Prediction
from sim.scenario.shocks import KINDS, Shock
from sim.units import DAY, HOUR

if TYPE_CHECKING:  # `sim --help` must not wait for networks
    from sim.network.model import Network
    from sim.network.stated import Stated
    from sim.scenario.crossings import Overrides
    from sim.scenario.markets import Markets

FIRMS = ("fixed", "claim_or_pay", "resource", "settled")
WITHOUT_SHOCKS = "without_shocks"  # as a baseline
LAW_BEGINS = dt.date(1994, 1, 1)  # NAFTA in force; no shipped law is older
MOST_REPLICATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question that can be run.

    Parameters
    ----------
    name : str
        Stem of the file.
    path : Path or None
        The file; None for a scenario made in Python.
    question, source, expected : str
        What is asked, who proposed it, and the direction written down before the run.
    predictions : tuple of Prediction
        Directions that runs are held to.
    network : str
        Name of a shipped network, or path of a folder of one's own; kept absolute.
    law_as_of : date
        What planners know: law published later is unknown to them.
    reforms : tuple of str
        Names of shipped reforms, or paths of files of one's own (kept absolute), applied in order.
    firms : str
        ``fixed``, ``claim_or_pay``, ``resource`` (sources change as new ones are qualified) or ``settled`` (as if
        they had changed long ago).
    warm_up_s, run_s : int
        Seconds before and after `start`. The warm-up is whole days, the run whole hours.
    start : date
        First measured day (UTC).
    conduct : tuple of Turn
        What firms do otherwise from days within the run, in order.
    demand : mapping of str to int
        Assembly recipe to vehicles per working day, where it differs from the network's.
    markets : mapping of str to mapping of str to float
        Assembly recipe to its markets and the percent of its vehicles that go to each, where it differs from the
        network's.
    claim_regime : str
        How customs treats claimed loads: a border regime of the parameters.
    expedite : bool
        Whether firms send loads by the network's expedite routes when they foresee a shortage.
    parameters : mapping of str to str
        Overrides of parameters, each a number with its unit.
    crossings : mapping of str to mapping of str to float
        Crossing or port to columns of ``crossings.csv`` and their values, where they differ from the network's.
    open_ports : mapping of str to str
        Ports of the facts on ports that the network lacks, each to the port beside which it opens.
    goods : tuple of Stated
        What customs holds of goods that no row of the network tells.
    baseline : str
        Scenario to compare with when this one is run alone, ``without_shocks`` for this one without them; empty for
        none.
    title : str
        Words for tables and figures; empty to show the name as words.

    Raises
    ------
    ScenarioError
        Every number that is out of range and every word that is unknown: of firms, regimes, shocks, turns, crossings.
    """

    name: str
    path: Path | None
    question: str
    source: str
    network: str
    law_as_of: dt.date
    reforms: tuple[str, ...]
    firms: str
    warm_up_s: int
    start: dt.date
    run_s: int
    shocks: tuple[Shock, ...] = ()
    conduct: tuple[Turn, ...] = ()
    demand: Mapping[str, int] = field(default_factory=dict)
    markets: Markets = field(default_factory=dict)
    claim_regime: str = "calm"
    expedite: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)
    crossings: Overrides = field(default_factory=dict)
    open_ports: Mapping[str, str] = field(default_factory=dict)
    goods: tuple[Stated, ...] = ()
    replications: int = 20
    seed: int = 1994
    expected: str = ""
    predictions: tuple[Prediction, ...] = ()
    baseline: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        for name in ("demand", "parameters", "open_ports"):
            ordered = dict(sorted(getattr(self, name).items()))
            object.__setattr__(self, name, MappingProxyType(ordered))
        for name in ("crossings", "markets"):
            changed = {
                place: MappingProxyType({key: float(value) for key, value in sorted(values.items())})
                for place, values in sorted(getattr(self, name).items())
            }
            object.__setattr__(self, name, MappingProxyType(changed))
        object.__setattr__(self, "network", settled_network(str(self.network)))
        object.__setattr__(self, "reforms", tuple(settled_reform(str(r)) for r in self.reforms))
        object.__setattr__(self, "shocks", tuple(self.shocks))
        object.__setattr__(self, "conduct", tuple(_settled(turn) for turn in self.conduct))
        problems = _range_problems(self)
        if problems:
            raise ScenarioError(self.name, problems)

    def __reduce__(self) -> tuple[Any, ...]:
        values = (getattr(self, item.name) for item in fields(self))
        return Scenario, tuple(_thawed(value) for value in values)

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def clock(self) -> Clock:
        """The clock of a run: second 0 is midnight UTC of the first warm-up day."""
        begins = self.start - dt.timedelta(days=self.warm_up_s // DAY)
        return Clock(begins, self.warm_up_s, self.run_s)

    def with_(self, **changes: Any) -> Scenario:
        """A copy with some fields changed, such as ``scenario.with_(reforms=("nafta_withdrawal",))``.

        Raises
        ------
        ScenarioError
            No field of that name, or a value out of range.
        """
        known = [item.name for item in fields(self)]
        wrong = [n for n in changes if n not in known]
        if wrong:
            problems = [f"a scenario has no field '{n}'. {nearest(n, known, 'fields')}" for n in wrong]
            raise ScenarioError(self.name, problems)
        return replace(self, **changes)

    def calm(self) -> Scenario:
        """The same scenario without its shocks, as a baseline of its own."""
        title = f"{self.title}, without" if self.title else ""
        return replace(self, name=f"{self.name}_calm", title=title, shocks=(), expected="", predictions=(), baseline="")

    def values(self) -> Parameters:
        """The parameters with this scenario's overrides, and what its shocks make currencies worth.

        A rate counts from the UTC day on which its shock begins.
        """
        moves = (
            Move(shock.at, shock.from_.date(), shock.until.date(), shock.factor_ppm)
            for shock in self.shocks
            if shock.kind == "exchange_rate"
        )
        return load_parameters(self.parameters, Worth(tuple(moves)))

    def load_network(self) -> Network:
        """The network, ports opened, crossings and markets changed and goods known as this scenario says.

        Raises
        ------
        NetworkError
            The network is broken.
        ScenarioError
            A port cannot be opened; it has no such crossing or market, or a changed one would contradict itself.
        """
        from sim.network import load_network  # late, as above

        network = load_network(self.network)
        if self.goods:
            from sim.scenario.goods import with_stated

            network = with_stated(network, self.goods)
        if self.markets:
            from sim.scenario.markets import with_markets

            network, problems = with_markets(network, self.markets)
            if problems:
                raise ScenarioError(self.name, problems)
        if not self.crossings and not self.open_ports:
            return network
        from sim.scenario.crossings import with_crossings
        from sim.scenario.ports import with_ports

        opened, problems = with_ports(network, self.open_ports)
        changed, more = with_crossings(opened, self.crossings)
        if problems or more:
            raise ScenarioError(self.name, [*problems, *more])
        return changed

    def resolved(self) -> dict[str, Any]:
        """Everything filled in, as plain JSON values with units in the keys; no path of this machine.

        A network or reform of one's own is named by its stem and its content, ``my_tax@<16 hex digits>``.

        Raises
        ------
        ScenarioError
            A file of one's own is gone.
        """
        ranges = self.values().ranges
        return {
            **self._resolved_goods(),
            **({"markets_pct": _thawed(self.markets)} if self.markets else {}),
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "source": self.source,
            "expected": self.expected,
            "predictions": [prediction.resolved() for prediction in self.predictions],
            "baseline": Path(self.baseline).stem,
            "network": named(self.network),
            "law": {"as_of": self.law_as_of.isoformat(), "reforms": [named(r) for r in self.reforms]},
            "firms": self.firms,
            "claim_regime": self.claim_regime,
            "expedite": self.expedite,
            "horizon": {
                "warm_up_s": self.warm_up_s,
                "start": self.start.isoformat(),
                "run_s": self.run_s,
            },
            "shocks": [shock.resolved() for shock in self.shocks],
            "conduct": [turn.resolved() for turn in self.conduct],
            "crossings": _thawed(self.crossings),
            "open_ports": dict(self.open_ports),
            "demand_vehicles_per_day": dict(self.demand),
            "parameters": {name: ranges[name].value for name in sorted(ranges)},
            "replications": self.replications,
            "seed": self.seed,
        }

    def _resolved_goods(self) -> dict[str, Any]:
        if not self.goods:
            return {}
        from sim.scenario.goods import as_data

        return {"goods": [as_data(stated) for stated in self.goods]}

    @property
    def brought(self) -> tuple[str, ...]:
        """The reforms it names, those that firms reckon with when they choose sources included."""
        chosen = (turn.sources.reforms for turn in self.conduct if turn.sources is not None)
        return (*self.reforms, *(name for names in chosen for name in names))

    @property
    def digest(self) -> str:
        """SHA-256 of what decides the results, own files by content: not the words, nor the number of replications."""
        kept = self.resolved()
        for words in ("name", "title", "question", "source", "expected", "predictions", "baseline", "replications"):
            del kept[words]
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()

    def _repr_html_(self) -> str:
        from html import escape

        law = ", ".join(Path(r).stem for r in self.reforms) or "no reform"
        weeks = self.run_s / (7 * DAY)
        return (
            f"<b>{escape(self.name)}</b>: {escape(self.question)}<br>"
            f"<small>{escape(Path(self.network).name)}, {escape(law)}, {self.firms}, "
            f"{weeks:g} weeks from {self.start}, {self.replications} replications</small>"
        )


def _settled(turn: Turn) -> Turn:
    if turn.sources is None:
        return turn
    reforms = tuple(settled_reform(name) for name in turn.sources.reforms)
    return replace(turn, sources=replace(turn.sources, reforms=reforms))


def _thawed(value: Any) -> Any:
    """A mapping as plain dicts, inside and out; anything else as it is."""
    return {key: _thawed(inner) for key, inner in value.items()} if isinstance(value, MappingProxyType) else value


def _range_problems(scenario: Scenario) -> list[str]:
    problems = [text for text in (name_problem(scenario.name),) if text]
    if scenario.firms not in FIRMS:
        problems.append(f"firms: '{scenario.firms}' is unknown. {nearest(scenario.firms, FIRMS, 'firms')}")
    if scenario.claim_regime not in regime_names():
        near = nearest(scenario.claim_regime, regime_names(), "regimes")
        problems.append(f"claim_regime: '{scenario.claim_regime}' is unknown. {near}")
    if not 1 <= scenario.replications <= MOST_REPLICATIONS:
        problems.append(f"replications: {scenario.replications} is not 1 to {MOST_REPLICATIONS}.")
    if scenario.warm_up_s < 0 or scenario.warm_up_s % DAY:
        problems.append(f"warm_up_s: {scenario.warm_up_s} is not a whole number of days.")
    for number, shock in enumerate(scenario.shocks):
        if shock.kind not in KINDS:
            problems.append(f"shocks[{number}].kind: '{shock.kind}' is unknown. {nearest(shock.kind, KINDS, 'kinds')}")
    problems += turn_problems(scenario.conduct, scenario.firms)
    if scenario.crossings:
        from sim.scenario.crossings import override_problems  # late, as above

        problems += override_problems(scenario.crossings)
    if scenario.run_s <= 0 or scenario.run_s % HOUR:
        problems.append(f"run_s: {scenario.run_s} is not a whole number of hours, one or more.")
    return problems
