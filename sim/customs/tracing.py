"""Tracing: foreign content carried from tier to tier, and the origin of each recipe's output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from sim.customs.book import Book, RuleBook, is_listed
from sim.customs.content import PLACES, PPM, Materials, Origin, apply_rule
from sim.customs.flow import Flags, Floats, Flow, Ints
from sim.law import GoodFacts, OriginRule

# What one unit hands to the good it is built into, US dollars; the last two are about the unit itself.
TRACED, COUNTED, CORE_NET, CORE_FOREIGN, CORE_FAILS, FOREIGN, NET = range(7)
COLUMNS = 7
CAR = GoodFacts("8703.23", "passenger", "vehicle", "vehicle")  # stands in where a network builds no vehicle


@dataclass(slots=True)
class Tracing:
    """Working state of the content roll-up.

    Parameters
    ----------
    data : float64[nodes, COLUMNS]
        ``TRACED`` listed imports inside; ``COUNTED`` what a consumer must count as non-originating;
        ``CORE_NET``, ``CORE_FOREIGN``, ``CORE_FAILS`` of core parts; ``FOREIGN``, ``NET`` of the load itself.
    originates, is_traced : bool[recipes, epochs]
    origins : list of Origin
    """

    flow: Flow
    book: Book
    rules: RuleBook
    epoch: Ints
    regions: tuple[str, ...]
    is_traced: Flags
    traces_all: Flags
    data: Floats
    originates: Flags
    origins: list[Origin] = field(default_factory=list)

    def take(self, seeds: Ints, data: Floats, origins: Iterable[Origin]) -> None:
        """Give seeds their planned content, and recipes that make nothing in the run their planned origin."""
        self.data[seeds] = data
        planned = {origin.recipe: origin for origin in origins}
        made = set(self.flow.recipe[self.flow.exists & ~self.flow.is_seed].tolist())
        for index, recipe in enumerate(self.book.recipes):
            if recipe.id in planned and index not in made:
                self.originates[index] = planned[recipe.id].originates
                self.origins.append(planned[recipe.id])

    def close(self, nodes: Ints, price: Floats, net_cost: Floats, added: Floats, uses: Ints) -> None:
        """Gather what the loads of a level were made from, and decide the origin of their recipes."""
        flow, book = self.flow, self.book
        consumer, source = flow.use_consumer[uses], flow.use_source[uses]
        taken = flow.use_units[uses] / np.where(flow.units[consumer] > 0, flow.units[consumer], 1.0)
        from_core = book.is_core[flow.recipe[source]]
        same = book.heading[flow.recipe[source]] == book.heading[flow.recipe[consumer]]

        def summed(values: Floats) -> Floats:
            total = np.bincount(consumer, weights=taken * values, minlength=flow.nodes)[nodes]
            return np.asarray(total, dtype=np.float64)

        inside = self.data[source]
        recipe, epoch = flow.recipe[nodes], self.epoch[nodes]
        bought = book.foreign_materials[recipe]
        counted = summed(inside[:, COUNTED]) + bought
        traced = summed(inside[:, TRACED]) + np.where(self.traces_all[epoch], bought, 0.0)
        unshifted = summed(np.where(same, inside[:, COUNTED], 0.0))
        failing = summed(np.where(from_core, inside[:, COUNTED], 0.0))
        fails = np.zeros(flow.nodes)
        np.maximum.at(fails, consumer, inside[:, CORE_FAILS])
        core = (summed(inside[:, CORE_NET]), summed(inside[:, CORE_FOREIGN]))
        own = np.column_stack((traced, counted, *core, fails[nodes], counted, net_cost))
        self.data[nodes] = own
        places = np.stack([added[:, place::4].sum(axis=1) for place in range(4)], axis=1)
        pool = np.column_stack((price, net_cost, traced, counted, unshifted, *core, failing, places))
        self._decide(nodes, recipe, pool, fails[nodes])

    def _decide(self, nodes: Ints, recipe: Ints, pool: Floats, fails: Floats) -> None:
        """Average over all loads of a recipe made under one agreement, then apply each day's rule."""
        units = self.flow.units[nodes]
        region = np.array(self.regions, dtype=object)[self.epoch[nodes]]
        for recipe_id in np.unique(recipe):
            mine = recipe == recipe_id
            previous: OriginRule | str | None = None
            for epoch, agreement in enumerate(self.regions):
                under = mine & (region == agreement)
                chosen = under if under.any() else mine
                mean = np.average(pool[chosen], axis=0, weights=units[chosen])
                rule = self._rule(int(recipe_id), agreement, epoch)
                test = self._origin(int(recipe_id), epoch, rule, mean, bool(fails[chosen].max()))
                self.originates[recipe_id, epoch] = test.originates
                if rule != previous:
                    self.origins.append(test)
                previous = rule

    def _rule(self, recipe: int, agreement: str, epoch: int) -> OriginRule | str:
        if not self.book.is_regional[recipe]:
            return "outside"
        if not agreement:
            return "none"
        return self.rules.rule(agreement, self.book.good(recipe), epoch)

    def _origin(self, recipe: int, epoch: int, rule: OriginRule | str, mean: Floats, fails: bool) -> Origin:
        price, net, traced, counted, unshifted, core_net, core_foreign, failing = mean[:8].tolist()
        total = mean[8:].sum()
        share = {place: float(100 * mean[8 + k] / total) if total else 0.0 for k, place in enumerate(PLACES)}
        by_place = {place: float(mean[8 + k]) for k, place in enumerate(PLACES)}
        made = self.book.recipes[recipe]
        key = (made.id, made.part, self.rules.epochs.days[epoch])
        shares = MappingProxyType(share)
        if isinstance(rule, str):
            inside = net * share["overseas"] / 100 if rule == "none" else net
            content = 100 * (net - inside) / net if net > 0 else 0.0
            why = "made outside the region" if rule == "outside" else "no agreement in force"
            return Origin(*key, "", rule, content, 0.0, net, inside, shares, False, why)
        good = Materials(price, net, traced, counted, unshifted, core_net, core_foreign, failing, fails, by_place)
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
        )

    def status(self, recipe: Ints, epoch: Ints) -> Flags:
        """Whether goods of a recipe originate on a day, by the average of what was made."""
        found: Flags = self.originates[recipe, epoch]
        return found

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
        status = self.originates[recipe, epoch] & regional
        listed = self.is_traced[recipe, epoch]
        own = data[nodes]
        own[:, FOREIGN] = np.where(regional, own[:, FOREIGN], price)
        own[:, TRACED] = np.where(regional, own[:, TRACED], np.where(listed, import_value, 0.0))
        own[:, COUNTED] = np.where(status, 0.0, price)
        own[:, CORE_NET] = np.where(core, own[:, NET], own[:, CORE_NET])
        own[:, CORE_FOREIGN] = np.where(core, own[:, FOREIGN], own[:, CORE_FOREIGN])
        own[:, CORE_FAILS] = np.where(core, (~status).astype(np.float64), own[:, CORE_FAILS])
        data[nodes] = own


def open_tracing(flow: Flow, book: Book, rules: RuleBook) -> Tracing:
    """Empty tables, and which imports are traced in each stretch of days.

    The list is that of the vehicle rule of the agreement in force; where that rule does not trace, or there
    is no agreement, every import is followed.
    """
    days = len(rules.epochs.days)
    regions = tuple(rules.region(epoch) for epoch in range(days))
    vehicle = next((book.good(r) for r, part in enumerate(book.parts) if part.tier == 0), CAR)
    is_traced = np.ones((len(book.recipes), days), dtype=np.bool_)
    traces_all = np.ones(days, dtype=np.bool_)
    for epoch, agreement in enumerate(regions):
        rule = rules.rule(agreement, vehicle, epoch) if agreement else None
        if rule is not None and rule.vnm_method == "traced" and rule.traced_prefixes:
            traces_all[epoch] = False
            is_traced[:, epoch] = [is_listed(part.hts_code, rule.traced_prefixes) for part in book.parts]
    return Tracing(
        flow=flow,
        book=book,
        rules=rules,
        epoch=rules.epochs.of(flow.made_on),
        regions=regions,
        is_traced=is_traced,
        traces_all=traces_all,
        data=np.zeros((flow.nodes, COLUMNS)),
        originates=np.zeros((len(book.recipes), days), dtype=np.bool_),
    )
