"""Credit accounts: earned by assembly, spent on the duties that the law lets them reduce, earliest entries first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from sim.duty.declaration import Amount, Line
from sim.duty.elections import rows_of
from sim.duty.entry import EntryResult, LineResult
from sim.duty.exchange import Exchange
from sim.duty.law_view import LawView, Row, begins_with
from sim.duty.lines import number
from sim.duty.section import Data, Section, money, percent, whole
from sim.errors import LawError
from sim.reading import Node
from sim.units import PPM, parse_money

COLUMN = "offset_credit"
CARRIED_BACK = (
    "one balance for the whole file: vehicles built later also meet duties of earlier entries (assumption; the law at "
    "hand does not say whether credit is carried back)"
)


@dataclass(frozen=True, slots=True)
class Built:
    """Vehicles assembled on a day.

    Parameters
    ----------
    msrp : Fraction
        Suggested retail price of one, cents; the credit is a rate of it, not of the customs value.
    """

    on: dt.date
    units: Fraction
    msrp: Fraction


@dataclass(frozen=True, slots=True)
class Account:
    """One producer's credit.

    Parameters
    ----------
    rate : str
        Path of the law value that gives the rate by day of assembly.
    importers : tuple of str
        Importers of record whom the producer named; nobody else may spend it.
    against : tuple of str
        Programmes (or beginnings of their paths) that it may reduce; empty for all that the law allows.
    """

    name: str
    rate: str
    built: tuple[Built, ...]
    importers: tuple[str, ...]
    against: tuple[str, ...]

    def earned(self, view: LawView) -> tuple[tuple[Built, int, Fraction], ...]:
        """Each lot with its rate and its credit in cents.

        Raises
        ------
        LawError
            The law gives no rate for a day of assembly.
        """
        found = []
        for lot in self.built:
            rate = view.law.value(self.rate, lot.on, view.known)
            if not isinstance(rate, int):
                raise LawError(self.rate, ["is not a rate."])
            found.append((lot, rate, lot.units * lot.msrp * Fraction(rate, PPM)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Spending:
    """Credit used on one line.

    Parameters
    ----------
    liability, used, left : int
        Cents: duty that the credit may reduce, credit used on it, balance after it.
    """

    account: str
    line: str
    on: dt.date
    programmes: tuple[str, ...]
    liability: int
    used: int
    left: int


def spend(
    view: LawView, accounts: Sequence[Account], entries: Sequence[EntryResult]
) -> tuple[tuple[EntryResult, ...], tuple[Spending, ...]]:
    """Spend the accounts, earliest entries first, then by order in the file.

    Credit never exceeds the duty it may reduce nor the balance, and never reduces any other duty or a fee.

    Returns
    -------
    tuple of EntryResult, and tuple of Spending
        Entries with the duties that remain.

    Raises
    ------
    LawError
        The law gives no rate for a day of assembly, or an account touches an entry of several copies.
    """
    balance = {x.name: int(sum((cents for _, _, cents in x.earned(view)), Fraction(0))) for x in accounts}
    results = list(entries)
    found: list[Spending] = []
    order = sorted(range(len(results)), key=lambda n: (results[n].entry.on, results[n].entry.at, n))
    for position in order:
        for account in accounts:
            entry = results[position]
            if entry.entry.importer_of_record not in account.importers:
                continue
            lines = []
            for line in entry.lines:
                reduced, spending = _spend_line(view, account, entry, line, balance[account.name])
                lines.append(reduced)
                if spending is not None:
                    if entry.entry.copies > 1:
                        message = f"touches '{entry.entry.name}', which stands for several entries. Write them out."
                        raise LawError(account.name, [message])
                    balance[account.name] = spending.left
                    found.append(spending)
            results[position] = replace(entry, lines=tuple(lines))
    return tuple(results), tuple(found)


def _spend_line(
    view: LawView, account: Account, entry: EntryResult, result: LineResult, balance: int
) -> tuple[LineResult, Spending | None]:
    if result.option is None:
        return result, None
    before = {row.programme: row for row in result.duties}
    huge = 10 * float(result.line.value) + 1.0
    free = {row.programme: row for row in _with_credit(view, entry, result, huge)}
    touched = [
        path
        for path, row in before.items()
        if row.cents > (free[path].cents if path in free else 0) and _allowed(account, path)
    ]
    liability = sum(before[path].cents - (free[path].cents if path in free else 0) for path in touched)
    if not touched or liability <= 0:
        return result, None
    used = min(liability, balance)
    rows = {row.programme: row for row in _with_credit(view, entry, result, float(_already(result.line) + used))}
    duties = tuple(rows.get(path, row) if path in touched else row for path, row in before.items())
    line = _credited(result.line, used)
    place = (account.name, entry.entry.path(result.line), entry.entry.on)
    spent = Spending(*place, tuple(touched), liability, used, balance - used)
    return replace(result, line=line, duties=tuple(duties)), spent


def _allowed(account: Account, path: str) -> bool:
    return not account.against or begins_with(path, account.against)


def _already(line: Line) -> Fraction:
    amount = line.amounts.get(COLUMN)
    return amount.cents if amount else Fraction(0)


def _credited(line: Line, cents: int) -> Line:
    return replace(line, amounts={**line.amounts, COLUMN: Amount(_already(line) + cents)})


def _with_credit(view: LawView, entry: EntryResult, result: LineResult, credit: float) -> tuple[Row, ...]:
    if result.option is None:
        return ()
    columns = {**result.line.columns(), COLUMN: np.array([credit])}
    return rows_of(view, result.line, result.option.facts, entry.entry.on, columns)


def offset_section(view: LawView, accounts: Sequence[Account], spendings: Sequence[Spending], currency: str) -> Section:
    """What each account earned, and where it went."""
    data: list[Data] = []
    lines: list[str] = []
    values: dict[str, int | str] = {}
    for account in accounts:
        lots = account.earned(view)
        earned = int(sum((cents for _, _, cents in lots), Fraction(0)))
        mine = [x for x in spendings if x.account == account.name]
        used = sum(x.used for x in mine)
        lines.append(
            f"{account.name}: earned {money(earned, currency)}, used {money(used, currency)}, "
            f"left {money(earned - used, currency)}"
        )
        lines += [
            f"  {float(lot.units):,.6g} built on {lot.on} at {money(lot.msrp, currency)}: "
            f"{percent(Fraction(rate, PPM))} = {money(whole(cents), currency)}{view.source(account.rate, lot.on)}"
            for lot, rate, cents in lots
        ]
        first = min((x.on for x in mine), default=dt.date.max)
        if any(lot.on > first for lot in account.built):
            lines.append(f"  {CARRIED_BACK}")
        lines += [
            f"  {x.line}: {money(x.used, currency)} of {money(x.liability, currency)} under {', '.join(x.programmes)}; "
            f"{money(x.left, currency)} left"
            for x in mine
        ]
        values[f"{account.name}.earned"], values[f"{account.name}.used"] = earned, used
        data.append(
            {
                "name": account.name,
                "rate_path": account.rate,
                "earned_cents": earned,
                "used_cents": used,
                "left_cents": earned - used,
                "carried_back": any(lot.on > first for lot in account.built),
                "uses": [
                    {
                        "line": x.line,
                        "on": x.on.isoformat(),
                        "programmes": list(x.programmes),
                        "liability_cents": x.liability,
                        "used_cents": x.used,
                        "left_cents": x.left,
                    }
                    for x in mine
                ],
            }
        )
    return Section("offset", "Offset accounts, earliest entries first", data, tuple(lines), values)


def read_account(node: Node, exchange: Exchange) -> Account:
    """Read ``{name, rate: <law path>, built: [{on, units, msrp}], importers: [..], against: [..]}``."""
    names = ("name", "rate", "built", "importers", "against")
    entries = node.fields(names, ("name", "rate", "built", "importers"))
    items = entries["built"].items() if "built" in entries else []
    return Account(
        entries["name"].text() if "name" in entries else "",
        entries["rate"].text() if "rate" in entries else "",
        tuple(_read_built(item, exchange) for item in items),
        entries["importers"].texts() if "importers" in entries else (),
        entries["against"].texts() if "against" in entries else (),
    )


def _read_built(node: Node, exchange: Exchange) -> Built:
    entries = node.fields(("on", "units", "msrp"), ("on", "msrp"))
    return Built(
        entries["on"].date() if "on" in entries else dt.date.max,
        number(entries["units"]) if "units" in entries else Fraction(1),
        read_money(entries["msrp"], exchange) if "msrp" in entries else Fraction(0),
    )


def read_money(node: Node, exchange: Exchange) -> Fraction:
    """Money in the currency of the file, cents, 0 or more."""
    try:
        currency, cents = parse_money(node.text())
    except ValueError as error:
        node.fault(str(error))
        return Fraction(0)
    if currency != exchange.currency:
        node.fault(f"'{node.value}' is not in {exchange.currency}, the currency of the file.")
    if cents < 0:
        node.fault(f"'{node.value}' is negative.")
    return Fraction(cents)
