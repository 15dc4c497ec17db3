"""Tracing: foreign content carried from tier to tier, and the origin of each recipe's output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from sim.customs.besides import core_threshold_ppm
from sim.customs.book import LABOUR, Book, RuleBook, is_listed
from sim.customs.content import PLACES, Materials, Origin, apply_rule
from sim.customs.flow import Flags, Floats, Flow, Ints
from sim.customs.periods import Periods
from sim.law import GoodFacts, OriginRule
from sim.units import PPM

# What one unit hands to the good it is built into, US dollars; FOREIGN, NET and LISTED are about the unit itself.
TRACED, COUNTED, CORE_NET, CORE_FOREIGN, CORE_FAILS, FOREIGN, NET, LISTED, CORE_LISTED, CORE_FAILS_LISTED = range(10)
HIGH_WAGE, NON_MARKET, TECHNOLOGY, STEEL, STEEL_REGIONAL, ALUMINIUM, ALUMINIUM_REGIONAL = range(10, 17)
COLUMNS = 17
# What is averaged to decide an origin: names of `Materials`, then value added by place.
POOLED = (
    *("price", "net_cost", "traced", "non_originating", "unshifted", "unshifted_chapter", "unshifted_subheading"),
    *("core_net_cost", "core_foreign", "core_listed", "core_failing", "core_failing_listed"),
    *(
        "high_wage",
        "high_wage_labour",
        "non_market",
        "technology",
        "steel",
        "steel_regional",
        "aluminium",
        "aluminium_regional",
    ),
)
LISTED_INSIDE = len(POOLED)  # foreign listed components in the good itself, for the methods of core parts
PLACED = slice(LISTED_INSIDE + 1, LISTED_INSIDE + 1 + len(PLACES))
CAR = GoodFacts("8703.23", "passenger", "vehicle", "vehicle")  # stands in where a network builds no vehicle


@dataclass(slots=True)
class Tracing:
    """Working state of the content roll-up.

    Parameters
    ----------
    data : float64[nodes, COLUMNS]
        ``TRACED`` listed imports inside; ``COUNTED`` what a consumer must count as non-originating;
        ``CORE_NET``, ``CORE_FOREIGN``, ``CORE_LISTED``, ``CORE_FAILS``, ``CORE_FAILS_LISTED`` of core parts;
        ``FOREIGN``, ``NET``, ``LISTED`` of the load itself; ``HIGH_WAGE``, ``NON_MARKET``, ``TECHNOLOGY`` and metals as
        in `Materials`.
    originates : bool[recipes, epochs, periods]
        By the day whose rule is asked and the averaging period in which the goods were made.
    by_components : bool[recipes, epochs, periods]
        Whether a core part passes inside a vehicle when only its listed components count.
    is_traced, is_component, is_high_wage : bool[recipes, epochs]
        Imports that are traced; listed components of core parts; outputs of high-wage plants of the region.
    is_non_market, buys_non_market : bool[recipes, epochs]
        Outputs of the economies that the rule of vehicles limits; bought materials that come from them.
    vehicle_rules : tuple of OriginRule or None
        Rule of the network's first vehicle in each stretch of days.
    labour_points_ppm : pair of float
        Labour value points for technology and for assembly.
    origins : list of Origin
    tests : dict of (recipe, epoch, period) to Origin
        The test behind each cell of `originates` in which something was made.
    importers : tuple of str
        Countries of entry behind the indices below.
    at_border : dict of (importer, recipe, epoch, period) to Origin
        Tests by the reading of one country, where it reads the agreement otherwise than is done in general.
    """

    flow: Flow
    book: Book
    rules: RuleBook
    periods: Periods
    epoch: Ints
    period: Ints
    regions: tuple[str, ...]
    is_traced: Flags
    is_component: Flags
    is_high_wage: Flags
    is_non_market: Flags
    buys_non_market: Flags
    traces_all: Flags
    vehicle_rules: tuple[OriginRule | None, ...]
    labour_points_ppm: tuple[float, float]
    data: Floats
    originates: Flags
    by_components: Flags
    origins: list[Origin] = field(default_factory=list)
    tests: dict[tuple[int, int, int], Origin] = field(default_factory=dict)
    importers: tuple[str, ...] = ()
    at_border: dict[tuple[int, int, int, int], Origin] = field(default_factory=dict)

    def take(self, seeds: Ints, data: Floats, origins: Iterable[Origin]) -> None:
        """Give seeds their planned content, and recipes that make nothing in the run their planned origin."""
        self.data[seeds] = data
        planned = {origin.recipe: origin for origin in origins if not origin.importer}
        made = set(self.flow.recipe[self.flow.exists & ~self.flow.is_seed].tolist())
        for index, recipe in enumerate(self.book.recipes):
            if recipe.id in planned and index not in made:
                self.originates[index] = planned[recipe.id].originates
                self.origins.append(planned[recipe.id])

    def close(self, nodes: Ints, price: Floats, net_cost: Floats, added: Floats, own_cost: Floats, uses: Ints) -> None:
        """Gather what the loads of a level were made from, and decide the origin of their recipes.

        `own_cost` is that of the recipes themselves, by component.
        """
        flow, book = self.flow, self.book
        consumer, source = flow.use_consumer[uses], flow.use_source[uses]
        taken = flow.use_units[uses] / np.where(flow.units[consumer] > 0, flow.units[consumer], 1.0)
        part, whole = flow.recipe[source], flow.recipe[consumer]

        def inside(column: int) -> Floats:
            # One at a time: together they take half a gigabyte in ten weeks of the continent.
            return np.asarray(self.data[source, column])

        def summed(values: Floats, where: Flags | None = None) -> Floats:
            chosen = values if where is None else np.where(where, values, 0.0)
            total = np.bincount(consumer, weights=taken * chosen, minlength=flow.nodes)[nodes]
            return np.asarray(total, dtype=np.float64)

        def most(values: Floats) -> Floats:
            found = np.zeros(flow.nodes)
            np.maximum.at(found, consumer, values)
            return np.asarray(found[nodes], dtype=np.float64)

        counts, core = inside(COUNTED), book.is_core[part]
        recipe, epoch = flow.recipe[nodes], self.epoch[nodes]
        bought = own_cost[:, PLACES.index("overseas")]
        own = np.zeros((len(nodes), COLUMNS))
        own[:, COUNTED] = own[:, FOREIGN] = summed(counts) + bought
        own[:, TRACED] = summed(inside(TRACED)) + np.where(self.traces_all[epoch], bought, 0.0)
        for column in (CORE_NET, CORE_FOREIGN, CORE_LISTED, HIGH_WAGE, NON_MARKET, TECHNOLOGY):
            own[:, column] = summed(inside(column))
        paid = own_cost[:, LABOUR].sum(axis=1)
        own[:, TECHNOLOGY] += np.where(book.is_regional[recipe], book.rd_share[recipe] * paid, 0.0)
        own[:, NON_MARKET] += np.where(self.buys_non_market[recipe, epoch], bought, 0.0)
        own[:, CORE_FAILS], own[:, CORE_FAILS_LISTED] = most(inside(CORE_FAILS)), most(inside(CORE_FAILS_LISTED))
        own[:, NET] = net_cost
        own[:, LISTED] = summed(counts, self.is_component[part, self.epoch[consumer]])
        own[:, STEEL:] = self._metals(recipe, [summed(inside(column)) for column in range(STEEL, COLUMNS)])
        self.data[nodes] = own
        shares = {
            "price": price,
            "net_cost": net_cost,
            "traced": own[:, TRACED],
            "non_originating": own[:, COUNTED],
            "unshifted": summed(counts, book.heading[part] == book.heading[whole]),
            "unshifted_chapter": summed(counts, book.chapter[part] == book.chapter[whole]),
            "unshifted_subheading": summed(counts, book.subheading[part] == book.subheading[whole]),
            "core_net_cost": own[:, CORE_NET],
            "core_foreign": own[:, CORE_FOREIGN],
            "core_listed": own[:, CORE_LISTED],
            "core_failing": summed(counts, core),
            "core_failing_listed": summed(counts, core & (inside(CORE_FAILS_LISTED) > 0)),
            "high_wage": own[:, HIGH_WAGE],
            "high_wage_labour": np.where(self.is_high_wage[recipe, epoch], paid, 0.0),
            "non_market": own[:, NON_MARKET],
            "technology": own[:, TECHNOLOGY],
            "steel": own[:, STEEL],
            "steel_regional": own[:, STEEL_REGIONAL],
            "aluminium": own[:, ALUMINIUM],
            "aluminium_regional": own[:, ALUMINIUM_REGIONAL],
        }
        places = np.stack([added[:, place::4].sum(axis=1) for place in range(4)], axis=1)
        pool = np.column_stack((*(shares[name] for name in POOLED), own[:, LISTED], places))
        self._decide(nodes, recipe, pool, own[:, (CORE_FAILS, CORE_FAILS_LISTED)])

    def _metals(self, recipe: Ints, inside: list[Floats]) -> Floats:
        """Steel and aluminium in a unit, all tiers, and its regional part: that of the inputs, and what is added."""
        book = self.book
        found = []
        for stated, regional, (total, of_region) in (
            (book.steel[recipe], book.steel_regional[recipe], inside[:2]),
            (book.aluminium[recipe], book.aluminium_regional[recipe], inside[2:]),
        ):
            own = np.maximum(stated - total, 0.0)  # the row states all tiers
            found += [total + own, of_region + np.where(regional, own, 0.0)]
        return np.column_stack(found)

    def _decide(self, nodes: Ints, recipe: Ints, pool: Floats, fails: Floats) -> None:
        """Average over the loads of a recipe made in one period under one agreement, then apply each day's rule."""
        units, period, region = self.flow.units[nodes], self.period[nodes], self.epoch[nodes]
        under = {agreement: np.array([x == agreement for x in self.regions]) for agreement in set(self.regions)}
        for made in _alike(recipe, period):  # rows of one recipe and period, in their order
            number = int(recipe[made[0]]), int(period[made[0]])
            previous: OriginRule | str | None = None
            for epoch, agreement in enumerate(self.regions):
                cell = (number[0], epoch, number[1])
                rule = self._rule(cell[0], agreement, epoch)
                if rule != previous:
                    own = made[under[agreement][region[made]]]
                    chosen = own if len(own) else made
                    mean = np.average(pool[chosen], axis=0, weights=units[chosen])
                    test = self._origin(cell, rule, mean, fails[chosen].max(axis=0) > 0)
                    self.origins.append(test)
                    previous = rule
                self.originates[cell] = test.originates
                self.by_components[cell] = self._by_components(epoch, mean)
                self.tests[cell] = test
                self._read_at_borders(cell, rule, mean, fails[chosen].max(axis=0) > 0)

    def _read_at_borders(self, cell: tuple[int, int, int], rule: OriginRule | str, mean: Floats, fails: Flags) -> None:
        """Test vehicles again for each country that reads the roll-up of core parts in a way of its own."""
        if isinstance(rule, str) or not rule.core_parts_required:
            return
        good = self.book.good(cell[0])
        for index, importer in enumerate(self.importers):
            there = self.rules.rule(rule.agreement, replace(good, importer=importer), cell[1])
            before = any(key[:2] == (index, cell[0]) and key[3] == cell[2] for key in self.at_border)
            if there != rule or before:  # once read otherwise, every day has its own test
                test = replace(self._origin(cell, there, mean, fails), importer=importer)
                self.at_border[index, *cell] = test
                self.origins.append(test)

    def _by_components(self, epoch: int, mean: Floats) -> bool:
        """Whether a core part reaches what vehicles ask of it when only listed components count as foreign."""
        rule, net = self.vehicle_rules[epoch], float(mean[POOLED.index("net_cost")])
        if rule is None or not rule.core_components or net <= 0:
            return False
        return PPM * (net - float(mean[LISTED_INSIDE])) / net >= core_threshold_ppm(rule) - 1e-6

    def _rule(self, recipe: int, agreement: str, epoch: int) -> OriginRule | str:
        if not self.book.is_regional[recipe]:
            return "outside"
        if not agreement:
            return "none"
        return self.rules.rule(agreement, self.book.good(recipe), epoch)

    def _origin(self, cell: tuple[int, int, int], rule: OriginRule | str, mean: Floats, fails: Flags) -> Origin:
        recipe, epoch, period = cell
        values = dict(zip(POOLED, mean[:LISTED_INSIDE].tolist(), strict=True))
        net, placed = values["net_cost"], mean[PLACED]
        total = placed.sum()
        share = {place: float(100 * placed[k] / total) if total else 0.0 for k, place in enumerate(PLACES)}
        by_place = {place: float(placed[k]) for k, place in enumerate(PLACES)}
        made = self.book.recipes[recipe]
        key = (made.id, made.part, self.rules.epochs.days[epoch])
        shares = MappingProxyType(share)
        begins, ends = self.periods.begins[period], self.periods.ends[period]
        if isinstance(rule, str):
            inside = net * share["overseas"] / 100 if rule == "none" else net
            content = 100 * (net - inside) / net if net > 0 else 0.0
            why = "made outside the region" if rule == "outside" else "no agreement in force"
            return Origin(*key, "", rule, content, 0.0, net, inside, shares, False, why, begins=begins, ends=ends)
        technology, assembly = self.labour_points_ppm
        good = Materials(
            **values,
            core_fails=bool(fails[0]),
            core_fails_listed=bool(fails[1]),
            by_place=by_place,
            technology_ppm=technology,
            assembly_ppm=assembly,
            knows_wages=bool((self.book.wage_usd_h > 0).any()),
        )
        test = apply_rule(rule, good)
        return Origin(
            *key,
            agreement=rule.agreement,
            kind=rule.kind,
            content_pct=100 * test.content_ppm / PPM,
            threshold_pct=100 * rule.threshold_ppm / PPM,
            net_cost_usd=net,
            foreign_usd=test.foreign,
            share_pct=shares,
            originates=test.passes,
            reason=test.reason,
            margin_pct=100 * test.margin_ppm / PPM,
            begins=begins,
            ends=ends,
        )

    def status(self, nodes: Ints, epoch: Ints, importer: Ints | None = None) -> Flags:
        """Whether loads originate on a day, by the average of what was made in the period of each.

        Parameters
        ----------
        importer : int64[nodes], optional
            Country of entry (index in `importers`) whose reading counts; by default the reading in general.
        """
        recipe, period = self.flow.recipe[nodes], self.period[nodes]
        found: Flags = self.originates[recipe, epoch, period]
        if importer is not None:
            for (country, *cell), test in self.at_border.items():
                here = (importer == country) & (recipe == cell[0]) & (epoch == cell[1]) & (period == cell[2])
                found[here] = test.originates
        return found

    def test(self, importer: int, recipe: int, epoch: int, period: int) -> Origin:
        """The test that decided goods of a recipe at entry into a country."""
        cell = (recipe, epoch, period)
        return self.at_border.get((importer, *cell), self.tests[cell])

    def regional_share(self, nodes: Ints) -> Floats:
        """Regional part of each load's value, 0 to 1."""
        net = np.where(self.data[nodes, NET] > 0, self.data[nodes, NET], 1.0)
        share = np.clip(1 - self.data[nodes, FOREIGN] / net, 0.0, 1.0)
        return np.where(self.book.is_regional[self.flow.recipe[nodes]], share, 0.0)

    def land(self, nodes: Ints, price: Floats, import_value: Floats) -> None:
        """Turn what is inside a load into what its consumer must count.

        An import from outside counts in full, net of freight and duty (SOR/2020-155 s.8(2)); if it is
        listed, its value on import is traced for ever. A regional part counts only if it does not
        originate; its traced imports stay. A core part answers for itself, whatever is inside it.
        """
        data, recipe, epoch = self.data, self.flow.recipe[nodes], self.epoch[nodes]
        regional, core = self.book.is_regional[recipe], self.book.is_core[recipe]
        status = self.status(nodes, epoch) & regional
        listed = self.is_traced[recipe, epoch]
        own = data[nodes]
        own[:, FOREIGN] = np.where(regional, own[:, FOREIGN], price)
        own[:, TRACED] = np.where(regional, own[:, TRACED], np.where(listed, import_value, 0.0))
        own[:, COUNTED] = np.where(status, 0.0, price)
        own[:, CORE_NET] = np.where(core, own[:, NET], own[:, CORE_NET])
        own[:, CORE_FOREIGN] = np.where(core, own[:, FOREIGN], own[:, CORE_FOREIGN])
        own[:, CORE_LISTED] = np.where(core, np.where(regional, own[:, LISTED], price), own[:, CORE_LISTED])
        own[:, CORE_FAILS] = np.where(core, (~status).astype(np.float64), own[:, CORE_FAILS])
        fails = ~status & ~(self.by_components[recipe, epoch, self.period[nodes]] & regional)
        own[:, CORE_FAILS_LISTED] = np.where(core, fails.astype(np.float64), own[:, CORE_FAILS_LISTED])
        own[:, NON_MARKET] = np.where(self.is_non_market[recipe, epoch], price, own[:, NON_MARKET])
        own[:, HIGH_WAGE] = np.where(self.is_high_wage[recipe, epoch], price, own[:, HIGH_WAGE])
        data[nodes] = own


def _alike(recipe: Ints, period: Ints) -> list[Ints]:
    """Rows with equal recipe and period, by recipe and period; each group in the order of the rows."""
    order = np.lexsort((period, recipe))
    keys = np.stack((recipe, period))[:, order]
    edges = np.flatnonzero((np.diff(keys) != 0).any(axis=0)) + 1
    return np.split(order, edges) if len(order) else []


def open_tracing(
    flow: Flow,
    book: Book,
    rules: RuleBook,
    periods: Periods,
    importers: tuple[str, ...],
    labour_points_ppm: tuple[float, float],
) -> Tracing:
    """Empty tables, and what the rule of vehicles makes of each recipe in each stretch of days.

    The list of traced imports is that of the vehicle rule of the agreement in force; where that rule does not trace,
    or there is no agreement, every import is followed.
    """
    days = len(rules.epochs.days)
    regions = tuple(rules.region(epoch) for epoch in range(days))
    vehicle = next((book.good(r) for r, part in enumerate(book.parts) if part.tier == 0), CAR)
    vehicle_rules = tuple(
        rules.rule(region, vehicle, epoch) if region else None for epoch, region in enumerate(regions)
    )
    is_traced = np.ones((len(book.recipes), days), dtype=np.bool_)
    is_component, is_high_wage = np.zeros_like(is_traced), np.zeros_like(is_traced)
    is_non_market, buys_non_market = np.zeros_like(is_traced), np.zeros_like(is_traced)
    traces_all = np.ones(days, dtype=np.bool_)
    for epoch, rule in enumerate(vehicle_rules):
        if rule is not None and rule.vnm_method == "traced" and rule.traced_prefixes:
            traces_all[epoch] = False
            is_traced[:, epoch] = [is_listed(part.hts_code, rule.traced_prefixes) for part in book.parts]
        if rule is not None and rule.core_components:
            is_component[:, epoch] = [is_listed(part.hts_code, rule.core_components) for part in book.parts]
        if rule is not None and "USD" in rule.wage_floor:
            is_high_wage[:, epoch] = book.is_regional & (book.wage_usd_h >= rule.wage_floor["USD"] / 100)
        if rule is not None and rule.non_market:
            is_non_market[:, epoch] = [country in rule.non_market for country in book.country]
            buys_non_market[:, epoch] = [recipe.material_country in rule.non_market for recipe in book.recipes]
    cells = (len(book.recipes), days, len(periods.begins))
    return Tracing(
        flow=flow,
        book=book,
        rules=rules,
        periods=periods,
        epoch=rules.epochs.of(flow.made_on),
        period=periods.of(flow.made_on),
        regions=regions,
        is_traced=is_traced,
        is_component=is_component,
        is_high_wage=is_high_wage,
        is_non_market=is_non_market,
        buys_non_market=buys_non_market,
        traces_all=traces_all,
        vehicle_rules=vehicle_rules,
        labour_points_ppm=labour_points_ppm,
        data=np.zeros((flow.nodes, COLUMNS)),
        originates=np.zeros(cells, dtype=np.bool_),
        by_components=np.zeros(cells, dtype=np.bool_),
        importers=importers,
    )
