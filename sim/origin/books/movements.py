"""A stock of fungible units: its movements, its layers, and the ratio of a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.origin.good import ZERO
from sim.origin.numbers import number, show
from sim.reading import Node

_RECEIPT_KEYS = ("on", "units", "price", "value", "status", "lot", "note")
_SHIPMENT_KEYS = ("on", "units", "status", "lot", "note")
_MOVEMENT_KEYS = ("on", "in", "out", "price", "value", "status", "lot", "note")
_LISTS = ("opening", "receipts", "shipments", "movements")
_STATUSES = {"originating": True, "non_originating": False}
_NO_DAY = dt.date.min


@dataclass(frozen=True, slots=True)
class Movement:
    """Units that come in or go out; None stands for origin unknown and price per unit not stated, "" for no lot."""

    on: dt.date
    units: Fraction
    receipt: bool
    price: Fraction | None = None
    originating: bool | None = None
    lot: str = ""

    @property
    def dated(self) -> bool:
        """Whether its day is stated; the opening stock has none."""
        return self.on != _NO_DAY

    @property
    def where(self) -> str:
        """The movement in words, for a message."""
        day = f"{self.on}" if self.dated else "a day not stated"
        return f"{show(self.units)} units on {day}"


@dataclass(frozen=True, slots=True)
class Layer:
    """Units that came in together."""

    units: Fraction
    price: Fraction | None
    originating: bool | None
    lot: str = ""


@dataclass(slots=True)
class Stock:
    """Layers in the order they came in."""

    layers: list[Layer]

    def put(self, layer: Layer) -> None:
        """Add a receipt."""
        if layer.units:
            self.layers.append(layer)

    def take(
        self, units: Fraction, *, last: bool, only: bool | None = None, lot: str = ""
    ) -> tuple[list[Layer], Fraction]:
        """Draw units, the first or the last that came in, of one origin or lot only if asked; with what is short.

        Nothing is drawn where the stock does not suffice.
        """
        taken: list[Layer] = []
        left = units
        order = list(range(len(self.layers)))
        kept = list(self.layers)
        for n in reversed(order) if last else order:
            layer = kept[n]
            if not left or (only is not None and layer.originating is not only) or (lot and layer.lot != lot):
                continue
            part = min(left, layer.units)
            taken.append(replace(layer, units=part))
            kept[n] = replace(layer, units=layer.units - part)
            left -= part
        if left:
            return [], left
        self.layers = [layer for layer in kept if layer.units]
        return taken, ZERO


def read_movements(node: Node, entries: Mapping[str, Node]) -> tuple[tuple[Movement, ...], bool]:
    """Movements in order, and whether a receipt and a shipment share a day whose order is not stated."""
    opening = _read_lots(entries.get("opening"), _RECEIPT_KEYS, receipt=True)
    listed, clash = _listed(node, entries)
    first = min((item.on for item in listed if item.dated), default=_NO_DAY)
    for item, place in zip(opening, entries["opening"].items() if opening else (), strict=True):
        if item.dated and first != _NO_DAY and item.on > first:
            place.fault(f"the opening stock of {item.on} comes after the first movement, of {first}.")
    found = (*(replace(item, on=_NO_DAY) for item in opening), *listed)
    if "method" in entries and entries["method"].value != "specific":
        for row in (row for key in _LISTS if key in entries for row in entries[key].items()):
            if isinstance(row.value, dict) and "lot" in row.value:
                row.child("lot", None).fault("'lot' identifies units under the method 'specific' only.")
    if "status" not in entries:
        return found, clash
    status = _STATUSES.get(entries["status"].text(tuple(_STATUSES), "statuses"))
    stated = (replace(x, originating=status) if x.receipt and x.originating is None else x for x in found)
    return tuple(stated), clash


def _listed(node: Node, entries: Mapping[str, Node]) -> tuple[tuple[Movement, ...], bool]:
    if "movements" in entries:
        for key in ("receipts", "shipments", "same_day"):
            if key in entries:
                entries[key].fault(f"'{key}' stands beside 'movements'. Write one or the other.")
        listed = [_read_movement(item) for item in entries["movements"].items()]
        return tuple(sorted(listed, key=lambda item: item.on)), False
    if "receipts" not in entries and "opening" not in entries:
        node.fault("write 'movements', or 'opening', 'receipts' and 'shipments'.")
    receipts = _read_lots(entries.get("receipts"), _RECEIPT_KEYS, receipt=True)
    shipments = _read_lots(entries.get("shipments"), _SHIPMENT_KEYS, receipt=False)
    first = "receipts_first"
    if "same_day" in entries:
        first = entries["same_day"].text(("receipts_first", "shipments_first"), "orders")
    both = [*receipts, *shipments] if first == "receipts_first" else [*shipments, *receipts]
    clash = bool({item.on for item in receipts} & {item.on for item in shipments})
    return tuple(sorted(both, key=lambda item: item.on)), clash


def _read_lots(node: Node | None, keys: tuple[str, ...], *, receipt: bool) -> list[Movement]:
    return [_read_lot(item, keys, receipt=receipt) for item in node.items()] if node else []


def _read_lot(node: Node, keys: tuple[str, ...], *, receipt: bool) -> Movement:
    entries = node.fields(keys, ("units",))
    units = number(entries["units"]) if "units" in entries else ZERO
    return _movement(entries, units, receipt=receipt)


def _read_movement(node: Node) -> Movement:
    entries = node.fields(_MOVEMENT_KEYS, ("on",))
    if ("in" in entries) == ("out" in entries):
        node.fault("write 'in' or 'out' with the number of units.")
    receipt = "in" in entries
    units = number(entries["in" if receipt else "out"]) if {"in", "out"} & set(entries) else ZERO
    return _movement(entries, units, receipt=receipt)


def _movement(entries: Mapping[str, Node], units: Fraction, *, receipt: bool) -> Movement:
    price = number(entries["price"]) if "price" in entries else None
    if "value" in entries:
        value = number(entries["value"])
        price = value / units if units else price
    status = entries["status"].text(tuple(_STATUSES), "statuses") if "status" in entries else ""
    day = entries["on"].date() if "on" in entries else _NO_DAY
    lot = entries["lot"].text() if "lot" in entries else ""
    return Movement(day, units, receipt, price, _STATUSES.get(status), lot)


def averages_before(
    movements: Sequence[Movement], over: str
) -> Iterator[tuple[Movement, Fraction | None, Fraction | None]]:
    """Each shipment with the ratio of non-originating units that governs it, and the average price.

    Parameters
    ----------
    over : str
        ``preceding_month`` or ``preceding_quarter``: the ratio of the stock at the beginning of the calendar period
        before the shipment's, and of what came in during it; ``period``: of all that is listed. None before the first
        period.
    """
    months = {"preceding_month": 1, "preceding_quarter": 3}.get(over, 0)
    periods = sorted({_period(item.on, months) for item in movements if item.dated})
    opening = [item for item in movements if item.receipt and not item.dated]
    stock, foreign, value = _sums(opening)
    ratios: dict[int, tuple[Fraction, Fraction | None]] = {}
    latest: tuple[Fraction, Fraction | None] | None = None
    for period in range(periods[0], periods[-1] + 1) if periods else ():
        inside = [item for item in movements if item.dated and _period(item.on, months) == period]
        come, come_foreign, come_value = _sums([item for item in inside if item.receipt])
        stock, foreign = stock + come, foreign + come_foreign
        value = None if value is None or come_value is None else value + come_value
        if stock:
            latest = foreign / stock, (value / stock if value is not None else None)
        if latest is not None:
            ratios[period] = latest
            # The ratio is applied to what remains at the end of the period.
            stock -= sum((item.units for item in inside if not item.receipt), ZERO)
            foreign = stock * latest[0]
            value = stock * latest[1] if latest[1] is not None else None
    for item in movements:
        if not item.receipt:
            governing = _period(item.on, months) - (1 if months else 0)
            yield item, *ratios.get(governing, (None, None))


def _period(day: dt.date, months: int) -> int:
    return (day.year * 12 + day.month - 1) // months if months else 0


def _sums(receipts: Sequence[Movement]) -> tuple[Fraction, Fraction, Fraction | None]:
    units = sum((item.units for item in receipts), ZERO)
    foreign = sum((item.units for item in receipts if item.originating is False), ZERO)
    if any(item.price is None for item in receipts):
        return units, foreign, None
    return units, foreign, sum((item.units * item.price for item in receipts if item.price is not None), ZERO)
