"""Origin and value of fungible or identical materials and goods drawn from one stock.

Four ways: first in first out, last in first out, average, specific identification. The average runs before each
shipment, over the month or quarter before, or over one period, as the rule for the good asks.

References
----------
SOR/2020-155 s.8(17)-(18), Schedules 7 and 8; SOR/94-14 Schedules IX and X.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from sim.origin.agreement_terms import Terms
from sim.origin.books.movements import Layer, Movement, Stock, averages_before, read_movements
from sim.origin.finding import Finding, Plain
from sim.origin.good import ZERO, Question
from sim.origin.numbers import HUNDRED, rounded, show, show_share
from sim.reading import Node

_KEYS = (
    "method",
    "of",
    "opening",
    "receipts",
    "shipments",
    "movements",
    "same_day",
    "status",
    "average_over",
    "ratio_decimals",
    "price_decimals",
    "unit_value_decimals",
    "note",
)
_METHODS = ("fifo", "lifo", "average", "specific")
_OVER = ("shipment", "preceding_month", "preceding_quarter", "period")


@dataclass(frozen=True, slots=True)
class Inventory:
    """A stock: its movements in the order they happened, and the method chosen.

    Parameters
    ----------
    method, over : str
        ``fifo``, ``lifo``, ``average`` or ``specific``; for the average, over what the ratio is taken.
    of : str
        ``materials`` or ``goods``.
    ordered : bool
        Whether the order of same-day movements is known or does not matter.
    ratio_decimals, price_decimals, unit_value_decimals : int, optional
        Decimals to which the books round the ratio, the average price, and the foreign value of a unit (their
        product); exact where not stated.
    """

    method: str
    of: str
    movements: tuple[Movement, ...]
    ordered: bool
    over: str = "shipment"
    ratio_decimals: int | None = None
    price_decimals: int | None = None
    unit_value_decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one shipment holds, at which ratio, and what it leaves by origin; None where a fact is missing."""

    originating: Fraction | None
    non_originating: Fraction | None
    vnm: Fraction | None
    words: str
    needs: tuple[str, ...] = ()
    ratio: Fraction | None = None
    left: tuple[Fraction, Fraction] | None = None

    def named(self, n: int) -> dict[str, Fraction]:
        """Results under the names of the n-th shipment; those not known are left out."""
        left = self.left or (None, None)
        values = {
            f"originating_units_{n}": self.originating,
            f"non_originating_units_{n}": self.non_originating,
            f"vnm_{n}": self.vnm,
            f"non_originating_ratio_pct_{n}": None if self.ratio is None else self.ratio * HUNDRED,
            f"originating_units_left_{n}": left[0],
            f"non_originating_units_left_{n}": left[1],
        }
        return {name: value for name, value in values.items() if value is not None}


def read(node: Node) -> Inventory:
    """Read the section.

    Either `movements` in their order, each with ``in:`` or ``out:`` units; or `opening`, `receipts` and `shipments`
    (each ``{on, units, price or value, status, lot}``), with `same_day` where both happen on one day. A `status` of the
    section holds for every receipt without one.
    """
    entries = node.fields(_KEYS, ("method",))
    method = entries["method"].text(_METHODS, "methods") if "method" in entries else "fifo"
    movements, clash = read_movements(node, entries)
    same_day = "same_day" in entries or "movements" in entries
    return Inventory(
        method,
        entries["of"].text(("materials", "goods"), "kinds of stock") if "of" in entries else "materials",
        movements,
        same_day or not clash or method in ("fifo", "specific"),
        entries["average_over"].text(_OVER, "periods") if "average_over" in entries else "shipment",
        _decimals(entries.get("ratio_decimals")),
        _decimals(entries.get("price_decimals")),
        _decimals(entries.get("unit_value_decimals")),
    )


def _decimals(node: Node | None) -> int | None:
    if node is None:
        return None
    text = node.text()
    if not text.isdigit() or len(text) > 1:
        node.fault(f"{node.quote()} is not a number of decimals. Write a digit.")
        return None
    return int(text)


def find(stock: Inventory, question: Question, terms: Terms) -> Finding:
    """Units by origin and value of non-originating materials of each shipment, in order."""
    test = f"fungible {stock.of} by {stock.method}"
    if not stock.ordered:
        order = ("same_day: shipments_first or receipts_first (or 'movements' in their order)",)
        return Finding(test, None, "A receipt and a shipment share a day.", needs=order)
    drawn, averages = _average(stock) if stock.method == "average" else _layered(stock)
    values: dict[str, Fraction | Plain] = {}
    inner = []
    shipped = [item for item in stock.movements if not item.receipt]
    for n, (movement, result) in enumerate(zip(shipped, drawn, strict=True), start=1):
        known = result.named(n)
        values |= known
        words = f"Shipment {n} of {show(movement.units)} units: {result.words}"
        inner.append(Finding(f"shipment {n}", None, words, "", known, None, result.needs))
    for n, average in enumerate(averages, start=1):
        values[f"average_{n}"] = average
    values |= _together(drawn)
    needs = tuple(dict.fromkeys(need for result in drawn for need in result.needs))
    reference = terms.reference("inventory")
    return Finding(test, None, f"{len(drawn)} shipments.", "", values, reference, needs, tuple(inner))


def _together(drawn: list[Drawn]) -> dict[str, Fraction | Plain]:
    """All shipments together, as far as each is known, and what the last one leaves."""
    lists = {
        "vnm_of_shipments": [result.vnm for result in drawn],
        "originating_units": [result.originating for result in drawn],
        "non_originating_units": [result.non_originating for result in drawn],
    }
    values: dict[str, Fraction | Plain] = {}
    for name, found in lists.items():
        known = [value for value in found if value is not None]
        if found and len(known) == len(found):
            values[name] = sum(known, ZERO)
    if drawn and drawn[-1].left is not None:
        values["originating_units_left"], values["non_originating_units_left"] = drawn[-1].left
    ratios = {result.ratio for result in drawn}
    ratio = ratios.pop() if len(ratios) == 1 else None
    if ratio is not None:
        values |= {"originating_ratio_pct": (1 - ratio) * HUNDRED, "non_originating_ratio_pct": ratio * HUNDRED}
    return values


def _layered(inventory: Inventory) -> tuple[list[Drawn], list[Fraction]]:
    stock = Stock([])
    found = []
    for movement in inventory.movements:
        if movement.receipt:
            stock.put(Layer(movement.units, movement.price, movement.originating, movement.lot))
            continue
        last, only = inventory.method == "lifo", _only(inventory, movement)
        taken, short = stock.take(movement.units, last=last, only=only, lot=movement.lot)
        drawn = _of_layers(taken, short, inventory, movement)
        found.append(drawn if drawn.originating is None else replace(drawn, left=_left(stock)))
    return found, []


def _left(stock: Stock) -> tuple[Fraction, Fraction] | None:
    """Units in stock by origin; None where one is unknown."""
    if any(layer.originating is None for layer in stock.layers):
        return None
    own = sum((layer.units for layer in stock.layers if layer.originating), ZERO)
    return own, sum((layer.units for layer in stock.layers), ZERO) - own


def _only(inventory: Inventory, movement: Movement) -> bool | None:
    return movement.originating if inventory.method == "specific" else None


def _of_layers(taken: list[Layer], short: Fraction, inventory: Inventory, movement: Movement) -> Drawn:
    if short:
        needs = (f"receipts of {show(short)} more units before the shipment of {movement.where}",)
        return Drawn(None, None, None, "the stock does not suffice", needs)
    if inventory.method == "specific" and movement.originating is None and not movement.lot:
        return Drawn(None, None, None, "not identified", (f"the status or lot of the shipment of {movement.where}",))
    if any(layer.originating is None for layer in taken):
        return Drawn(None, None, None, "origin unknown", ("the status of every receipt and of the opening stock",))
    foreign = [layer for layer in taken if layer.originating is False]
    units = sum((layer.units for layer in foreign), ZERO)
    own = sum((layer.units for layer in taken if layer.originating), ZERO)
    parts = "; ".join(_part(layer) for layer in taken)
    if any(layer.price is None for layer in foreign):
        return Drawn(own, units, None, f"{parts}.")
    vnm = sum((layer.units * layer.price for layer in foreign if layer.price is not None), ZERO)
    return Drawn(own, units, vnm, f"{parts}; non-originating value {show(vnm)}.")


def _part(layer: Layer) -> str:
    status = "originating" if layer.originating else "non-originating"
    at = f" at {show(layer.price)}" if layer.price is not None else ""
    return f"{show(layer.units)} {status}{at}"


def _average(inventory: Inventory) -> tuple[list[Drawn], list[Fraction]]:
    """Each shipment at the ratio and the average price of the stock before it, or of the period that governs it."""
    if any(item.receipt and item.originating is None for item in inventory.movements):
        needs = ("the status of every receipt and of the opening stock",)
        count = sum(not item.receipt for item in inventory.movements)
        return [Drawn(None, None, None, "origin unknown", needs)] * count, []
    if inventory.over == "shipment":
        return _rolling(inventory)
    found = []
    left = sum((item.units for item in inventory.movements if item.receipt), ZERO)
    for movement, ratio, price in averages_before(inventory.movements, inventory.over):
        left -= movement.units
        if ratio is None:
            needs = (f"receipts of the period before the shipment of {movement.where}",)
            found.append(Drawn(None, None, None, "no period before it is known", needs))
        else:
            drawn = _at_ratio(inventory, movement, ratio, price)
            # Only the ratio of the whole period is that of what is left at its end.
            found.append(_leaving(drawn, left) if inventory.over == "period" else drawn)
    return found, []


def _leaving(drawn: Drawn, units: Fraction) -> Drawn:
    """With what is left, to which the ratio of what was taken applies."""
    foreign = units * (drawn.ratio or ZERO)
    return replace(drawn, left=(units - foreign, foreign))


def _rolling(inventory: Inventory) -> tuple[list[Drawn], list[Fraction]]:
    """The ratio is applied to what a shipment takes and to what it leaves."""
    units, foreign = ZERO, ZERO
    value: Fraction | None = ZERO
    found: list[Drawn] = []
    averages: list[Fraction] = []
    for movement in inventory.movements:
        if movement.receipt:
            units += movement.units
            foreign += ZERO if movement.originating else movement.units
            value = None if value is None or movement.price is None else value + movement.units * movement.price
        elif movement.units > units:
            needs = (f"receipts of {show(movement.units - units)} more units before the shipment of {movement.where}",)
            found.append(Drawn(None, None, None, "the stock does not suffice", needs))
            continue
        else:
            price = value / units if value is not None and units else None
            drawn = _at_ratio(inventory, movement, foreign / units if units else ZERO, price)
            units -= movement.units
            drawn = _leaving(drawn, units)
            found.append(drawn)
            foreign = units * (drawn.ratio or ZERO)
            value = None if value is None or price is None else value - movement.units * price
        if value is not None and units and movement.dated:
            averages.append(value / units)
    return found, averages


def _at_ratio(inventory: Inventory, movement: Movement, ratio: Fraction, price: Fraction | None) -> Drawn:
    """A shipment at a ratio of non-originating units and an average price, rounded as the books do."""
    if inventory.ratio_decimals is not None:
        ratio = rounded(ratio, inventory.ratio_decimals)
    if inventory.price_decimals is not None and price is not None:
        price = rounded(price, inventory.price_decimals)
    foreign = movement.units * ratio
    words = f"{show_share(ratio)} non-originating = {show(foreign)} units"
    if price is None:
        return Drawn(movement.units - foreign, foreign, None, f"{words}.", ratio=ratio)
    if inventory.unit_value_decimals is not None:
        unit = rounded(ratio * price, inventory.unit_value_decimals)
        words += f"; {show(movement.units)} x {show(unit)} a unit = {show(movement.units * unit)}."
        return Drawn(movement.units - foreign, foreign, movement.units * unit, words, ratio=ratio)
    vnm = foreign * price
    return Drawn(movement.units - foreign, foreign, vnm, f"{words} x {show(price)} = {show(vnm)}.", ratio=ratio)
