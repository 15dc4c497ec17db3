"""Figures of a study in a notebook: ``study.plot.cost_waterfall()`` and its sisters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from sim.errors import DataError, nearest
from sim.law import load_law
from sim.measures import REGISTRY
from sim.network.model import Network
from sim.replication.duty_days import duty_by_day
from sim.report.border_figures import border_hours, border_waits
from sim.report.content_curve import content_curves
from sim.report.cost_figures import COST, cost_waterfall, duty_by_programme
from sim.report.duty_time_figure import duty_over_time
from sim.report.flowmap import network_map
from sim.report.flows import picture_of
from sim.report.gather import find_network, panel_of, study_data
from sim.report.graph_figures import crossings_histogram, supplier_tiers
from sim.report.hour_figures import queue_over_disruption, waits_by_hour
from sim.report.hours import first_shock, hours_of
from sim.report.passport_figure import passport
from sim.report.payer_figure import pass_through_of, who_pays
from sim.report.source import ALL, StudyData
from sim.report.time_figure import over_time
from sim.report.tornado import tornado
from sim.report.trade_figures import content_thresholds, trade_balance, treasury_receipts
from sim.sourcing.curve import REGIONAL, STEP_PCT, US, content_curve
from sim.sourcing.decide import open_question
from sim.sourcing.run import question_of as sources_asked
from sim.study import Study
from sim.study.result import whole_of
from sim.study.stored import stored_scenario
from sim.unknowns import question_of, rank


@dataclass(frozen=True, slots=True)
class Plots:
    """The figures of one study; each call draws a new `matplotlib.figure.Figure`, which Jupyter shows."""

    data: StudyData = field(repr=False)
    study: Study = field(repr=False)

    def cost_waterfall(self, vehicle: str = ALL) -> Figure:
        """Draw the change in cost per vehicle by component."""
        return cost_waterfall(self.data.summary, self.data.provenance, vehicle)

    def duty_by_programme(self, vehicle: str = ALL) -> Figure:
        """Draw duty per vehicle by programme."""
        return duty_by_programme(self.data.summary, self.data.provenance, vehicle)

    def treasury_receipts(self) -> Figure:
        """Draw receipts by treasury."""
        return treasury_receipts(self.data.summary, self.data.provenance)

    def trade_balance(self) -> Figure:
        """Draw changes in trade balance by pair of countries."""
        return trade_balance(self.data.summary, self.data.provenance)

    def border_hours(self) -> Figure:
        """Draw border hours per vehicle and vehicles lost."""
        return border_hours(self.data.summary, self.data.provenance)

    def border_waits(self) -> Figure:
        """Draw waits by crossing."""
        return border_waits(self.data.summary, self.data.provenance)

    def over_time(self, series: str | None = None, item: str = "") -> Figure:
        """Draw the run day by day: one series such as ``wait_min_by_day`` of an item, or those of the report.

        Raises
        ------
        DataError
            No such series or item; names the nearest.
        """
        return over_time_of(self.data, self.study, series, item)

    def content_thresholds(self) -> Figure:
        """Draw content against thresholds.

        Raises
        ------
        DataError
            The study stored no contents.
        """
        found = {name: self.data.fact(name, "content") or [] for name in self.data.summary.scenarios}
        if not any(found.values()):
            raise DataError(self.data.name, ["the facts hold no content of vehicles. Run the study again."])
        return content_thresholds(found, self.data.summary, self.data.provenance)

    def passport(self, scenario: str | None = None, number: int = 0) -> Figure:
        """Draw the passport of one load.

        Parameters
        ----------
        number : int
            Place of the passport among those stored of the scenario, from 0.

        Raises
        ------
        DataError
            The scenario has no such passport.
        """
        name = self._scenario(scenario)
        records = self.data.fact(name, "passports") or []
        if not 0 <= number < len(records):
            raise DataError(self.data.name, [f"{name} has {len(records)} passports, none numbered {number}."])
        return passport(records[number], self.data.provenance, self.data.summary.crossings)

    def who_pays(self) -> Figure:
        """Draw who bears each change in cost, buyers or makers, and who receives it."""
        return who_pays(self.data.summary, pass_through_of(self.data), self.data.provenance)

    def crossings_histogram(self, network: Network | None = None) -> Figure:
        """Draw how many borders the value of each vehicle has passed."""
        return crossings_histogram(self._network(network), self.data.provenance)

    def supplier_tiers(self, network: Network | None = None) -> Figure:
        """Draw the supplier graph by tier."""
        return supplier_tiers(self._network(network), self.data.provenance)

    def waits_by_hour(self, scenario: str | None = None, network: Network | None = None) -> Figure:
        """Draw waits by hour of the day, with bands, from the stored ledgers of a scenario.

        Raises
        ------
        DataError
            Its ledgers were not stored, or there is no such scenario or network.
        """
        name = self._scenario(scenario)
        stored = hours_of(self.data, self.study.directory)
        found = next((hours for hours in stored if name in hours.scenarios), None)
        if found is None:
            raise DataError(self.data.name, [f"the ledger of {name} was not stored. Run it again with --ledger all."])
        return waits_by_hour(found, self._network(network), self.data.summary.label(name), self.data.provenance)

    def queue_over_disruption(self) -> Figure:
        """Draw the wait hour by hour over the first disruption of the study, from stored ledgers.

        Raises
        ------
        DataError
            No ledgers were stored, or no scenario has a shock with a beginning and an end.
        """
        shock = first_shock(self.data)
        if shock is None:
            raise DataError(self.data.name, ["no scenario has a shock with a beginning and a length."])
        labels = {name: self.data.summary.label(name) for name in self.data.summary.scenarios}
        stored = hours_of(self.data, self.study.directory)
        if not stored:
            raise DataError(self.data.name, ["no ledger was stored. Run it again with --ledger sample, or all."])
        return queue_over_disruption(stored, labels, *shock, self.data.provenance, self.data.summary.crossings)

    def duty_over_time(self, scenario: str | None = None, days: Sequence[dt.date] = ()) -> Figure:
        """Draw the duty that the mean vehicle of a scenario bears by the law of each day, when all goes to plan.

        Parameters
        ----------
        days : sequence of date
            In order; those of the window on which the law may change, its first and its last by default.

        Raises
        ------
        DataError
            No such scenario, or fewer than two days.
        """
        name = self._scenario(scenario)
        asked = stored_scenario(self.study, name)
        end = asked.start + dt.timedelta(seconds=asked.run_s)
        found = list(days) or [asked.start, *load_law(asked.reforms).change_dates(asked.start, end), end]
        if len(found) < 2:
            raise DataError(self.data.name, ["one day makes no line. Give two days or more, in order."])
        return duty_over_time(
            found, duty_by_day(asked, found), f"{self.data.provenance} · {self.data.summary.label(name)}"
        )

    def content_curve(
        self, scenario: str | None = None, vehicles: Sequence[str] = (), *, us: bool = False, step_pct: float = STEP_PCT
    ) -> Figure:
        """Draw what content costs each vehicle of a scenario's network: its cheapest sources, share by share.

        Parameters
        ----------
        vehicles : sequence of str
            Assembly recipes; all by default, which takes long in a large network.
        us : bool
            Share of the United States instead of regional content.
        step_pct : float
            Points of content from one plan to the next.

        Raises
        ------
        DataError
            No such scenario.
        SourcingError
            No such vehicle.
        """
        name = self._scenario(scenario)
        asked = stored_scenario(self.study, name)
        law = load_law(asked.reforms)
        opened = open_question(sources_asked(asked, asked.load_network(), law, asked.values()), vehicles)
        kind = US if us else REGIONAL
        curves = [content_curve(opened, vehicle, kind, step_pct) for vehicle in opened.vehicles]
        told = f"{self.data.summary.label(name)} · content: {curves[0].method}"
        return content_curves(curves, f"{self.data.provenance} · {told}")

    def tornado(self, measure: str = COST, item: str | None = None, vehicle: str = ALL) -> Figure:
        """Draw what each assumption does to a figure, of a study that `sim unknowns` made.

        Raises
        ------
        DataError
            The study moves no assumptions, or has no such measure, vehicle or item.
        """
        question = question_of(self.study)
        whole = item if item is not None else whole_of(self.study.items(measure, vehicle)) or ""
        ranking = rank(self.study, question, measure, whole, vehicle)
        about = f"{question.scenario}{f' against {question.against}' if question.against else ''}"
        return tornado(ranking, REGISTRY[measure].unit, about, self.data.provenance)

    def network_map(self, network: Network | None = None) -> Figure:
        """Draw the network on the map.

        Raises
        ------
        DataError
            No network was given and the study's own cannot be found by its name.
        """
        return network_map(picture_of(self._network(network)), self.data.provenance)

    def _network(self, network: Network | None) -> Network:
        chosen = network or find_network(self.data)
        if chosen is None:
            raise DataError(self.data.name, [f"no network named '{self.data.network_name}'. Pass one."])
        return chosen

    def _scenario(self, name: str | None) -> str:
        chosen = name or self.data.summary.baseline
        if chosen not in self.data.summary.scenarios:
            hint = nearest(chosen, self.data.summary.scenarios, "scenarios")
            raise DataError(self.data.name, [f"no scenario named '{chosen}'. {hint}"])
        return chosen


def over_time_of(data: StudyData, study: Study, series: str | None, item: str) -> Figure:
    """The figure of a run over time, of one series or of those that the report shows."""
    panels = data.panels
    if series is not None:
        panels = (panel_of(study, series, item),)
    if not panels:
        raise DataError(data.name, ["the results hold no days. Run the study again."])
    labels = {name: data.summary.label(name) for name in study.scenarios}
    return over_time(panels, labels, data.start, data.provenance, data.summary.crossings)


def plots(study: Study) -> Plots:
    """Make the figures of a study available by name."""
    return Plots(study_data(study), study)
