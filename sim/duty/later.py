"""What becomes of duties later: refunds after a ruling or a retroactive order, and final rates of deposits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sim.duty.declaration import Deposit
from sim.duty.elections import rows_of
from sim.duty.entry import EntryResult, LineResult
from sim.duty.law_view import LawView, begins_with, needs
from sim.duty.section import Data, Section, money, percent, whole
from sim.errors import LawError
from sim.reading import Node
from sim.units import PPM, parse_rate

_YEAR = 365


@dataclass(frozen=True, slots=True)
class Ruling:
    """Duties that a ruling may give back.

    Parameters
    ----------
    of : str
        Programme, or beginning of the paths of several.
    probability, interest : str
        Rates as written, or paths of law values: probability of the refund, simple yearly interest.
    """

    of: str
    probability: str
    interest: str


@dataclass(frozen=True, slots=True)
class Refund:
    """What may come back.

    Parameters
    ----------
    known : date
        Day whose law says what was owed after all.
    paid : date
        Day the refund is paid, for interest from the day of entry.
    probability, interest : str
        For the difference between the law at entry and the law as known later.
    """

    known: dt.date
    paid: dt.date
    probability: str
    interest: str
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class Repayment:
    """One refund of one line: cents at stake, expected cents and expected interest."""

    line: str
    of: str
    stake: int
    probability: Fraction
    expected: int
    interest: int
    words: str


def repayments(view: LawView, refund: Refund, entries: Sequence[EntryResult]) -> tuple[Repayment, ...]:
    """What may come back of each line, with the elections as taken.

    The stake is the assessment as known on the day of entry less the assessment as known later; for rulings, what
    the later law still counts under the programmes that the ruling strikes.
    """
    found: list[Repayment] = []
    for entry in entries:
        for line in entry.lines:
            try:
                found += _of_line(view, refund, entry, line)
            except LawError as error:
                path = entry.entry.path(line.line)
                found.append(Repayment(path, "", 0, Fraction(0), 0, 0, _unresolved(needs(error))))
    return tuple(found)


def _unresolved(missing: Sequence[str]) -> str:
    words = "; ".join(missing)
    return words if words.startswith("unresolved") else f"unresolved: {words}"


def _of_line(view: LawView, refund: Refund, entry: EntryResult, line: LineResult) -> list[Repayment]:
    option, on, copies = line.option, entry.entry.on, entry.entry.copies
    if option is None:
        raise LawError("entry line", list(line.unresolved))
    path = entry.entry.path(line.line)
    years = Fraction(max(0, (refund.paid - on).days), _YEAR)
    later_view = view.at(refund.known)
    then = {x.programme: x.cents for x in rows_of(view.at(on), line.line, option.facts, on) if not x.per_entry}
    later = {x.programme: x.cents for x in rows_of(later_view, line.line, option.facts, on) if not x.per_entry}
    found = []
    stake = (sum(then.values()) - sum(later.values())) * copies
    if stake:
        words = (
            f"owed {money(sum(then.values()) * copies, '').strip()} as known on {on}, "
            f"{money(sum(later.values()) * copies, '').strip()} as known on {refund.known}"
        )
        rates = (
            rate_at(later_view, refund.probability, on),
            rate_at(later_view, refund.interest, on),
        )
        found.append(_repayment(path, "law as known later", stake, rates, years, words))
    for ruling in refund.rulings:
        stake = copies * sum(cents for name, cents in later.items() if begins_with(name, (ruling.of,)))
        if stake:
            rates = (
                rate_at(later_view, ruling.probability, on),
                rate_at(later_view, ruling.interest, on),
            )
            source = later_view.source(ruling.probability, on) or " as given"
            words = f"paid under what may be struck down; probability{source}"
            found.append(_repayment(path, ruling.of, stake, rates, years, words))
    return found


def _repayment(
    path: str, of: str, stake: int, rates: tuple[Fraction, Fraction], years: Fraction, words: str
) -> Repayment:
    probability, interest = rates
    expected = stake * probability
    return Repayment(path, of, stake, probability, whole(expected), whole(expected * interest * years), words)


def rate_at(view: LawView, text: str, on: dt.date) -> Fraction:
    """A rate as written, or the law value at a path on a day.

    Raises
    ------
    LawError
        There is no such value, or it is no rate.
    """
    if "%" in text:
        return Fraction(parse_rate(text), PPM)
    value = view.law.value(text, on, view.known)
    if not isinstance(value, int) or isinstance(value, bool):
        raise LawError(text, ["is not a rate."])
    return Fraction(value, PPM)


def refund_section(found: Sequence[Repayment], currency: str) -> Section:
    """Refunds by line."""
    lines = [
        f"{x.line}: {x.words}"
        if not x.of
        else f"{x.line}, {x.of}: {money(x.stake, currency)} at stake ({x.words}); at {percent(x.probability)} "
        f"{money(x.expected, currency)}, with interest of {money(x.interest, currency)}"
        for x in found
    ]
    values: dict[str, int | str] = {}
    for x in found:
        if x.of:
            values[f"refund.{x.line}.{x.of}"] = x.expected
        else:
            values[f"refund.{x.line}"] = x.words
    values["refund.stake"] = sum(x.stake for x in found)
    values["refund.expected"] = sum(x.expected for x in found)
    values["refund.interest"] = sum(x.interest for x in found)
    data: list[Data] = [
        {
            "line": x.line,
            "of": x.of,
            "stake_cents": x.stake,
            "probability": float(x.probability),
            "expected_cents": x.expected,
            "interest_cents": x.interest,
        }
        for x in found
    ]
    return Section("refund", "Refunds expected", data, tuple(lines) or ("nothing is at stake.",), values)


def read_refund(node: Node) -> Refund:
    """Read the ``refund`` section."""
    names = ("known", "paid", "probability", "interest", "rulings")
    entries = node.fields(names, ("known",))
    known = entries["known"].date() if "known" in entries else dt.date.max
    items = entries["rulings"].items() if "rulings" in entries else []
    return Refund(
        known,
        entries["paid"].date() if "paid" in entries else known,
        rate_text(entries["probability"]) if "probability" in entries else "100 %",
        rate_text(entries["interest"]) if "interest" in entries else "0 %",
        tuple(_read_ruling(item) for item in items),
    )


def _read_ruling(node: Node) -> Ruling:
    entries = node.fields(("of", "probability", "interest"), ("of", "probability"))
    return Ruling(
        entries["of"].text() if "of" in entries else "",
        rate_text(entries["probability"]) if "probability" in entries else "0 %",
        rate_text(entries["interest"]) if "interest" in entries else "0 %",
    )


def rate_text(node: Node) -> str:
    """A rate such as ``60 %``, or the path of a law value, kept as written."""
    text = node.text()
    if "%" in text:
        node.rate()
    elif "/" not in text:
        node.fault(f"'{text}' is neither a rate such as '60 %' nor the path of a law value.")
        return "0 %"
    return text


@dataclass(frozen=True, slots=True)
class TrueUp:
    """A deposit beside its final rate.

    Parameters
    ----------
    due : int, optional
        Cents to pay (above 0) or to be paid back; None while no final rate is known.
    """

    line: str
    deposit: Deposit
    paid: int
    due: int | None
    interest: int
    forum: str
    expected_back: int | None
    unresolved: tuple[str, ...] = ()


def true_ups(view: LawView, entries: Sequence[EntryResult]) -> tuple[TrueUp, ...]:
    """Deposits of all lines: final duty less deposit, with interest from entry to the final rate."""
    return tuple(
        _true_up(view, entry, line, deposit)
        for entry in entries
        for line in entry.lines
        for deposit in line.line.deposits
    )


def _true_up(view: LawView, entry: EntryResult, line: LineResult, deposit: Deposit) -> TrueUp:
    on, copies = entry.entry.on, entry.entry.copies
    value = line.line.value * copies
    paid = _charged(view, entry, line, deposit) * copies
    forum, share = _review(view, deposit, on)
    path = entry.entry.path(line.line)
    if line.option is None:
        return TrueUp(path, deposit, 0, None, 0, forum, None, line.unresolved)
    if deposit.final_rate is None:
        back = None if share is None else whole(share * paid)
        return TrueUp(path, deposit, paid, None, 0, forum, back)
    due = whole(deposit.final_rate * value) - paid
    days = (deposit.final_on - on).days if deposit.final_on else 0
    return TrueUp(path, deposit, paid, due, whole(due * deposit.interest * Fraction(days, _YEAR)), forum, None)


def _charged(view: LawView, entry: EntryResult, line: LineResult, deposit: Deposit) -> int:
    """Cents that the law charges on the deposit: nil where no programme asks for it."""
    if line.option is None:
        return 0
    columns = {**line.line.columns(), deposit.column: np.zeros(1)}
    without = {x.programme: x.cents for x in rows_of(view, line.line, line.option.facts, entry.entry.on, columns)}
    return sum(max(0, x.cents - without.get(x.programme, 0)) for x in line.duties)


def _review(view: LawView, deposit: Deposit, on: dt.date) -> tuple[str, Fraction | None]:
    """Who reviews the order, and the share expected back: from a law path, or the word of the file."""
    if "/" not in deposit.reviewed_by:
        return deposit.reviewed_by, None
    forum = str(view.law.value(f"{deposit.reviewed_by}/forum", on, view.known))
    share = view.law.value(f"{deposit.reviewed_by}/expected_refund_share", on, view.known)
    return forum.replace("_", " "), Fraction(share, PPM) if isinstance(share, int) else None


def deposit_section(found: Sequence[TrueUp], currency: str) -> Section:
    """Deposits, final rates and what is settled between them."""
    lines: list[str] = []
    data: list[Data] = []
    values: dict[str, int | str] = {}
    for x in found:
        name = x.deposit.column.replace("_", " ")
        who = f", the rate of {x.deposit.supplier}," if x.deposit.supplier else ""
        by = f"; reviewed by {x.forum}" if x.forum else ""
        head = f"{x.line}: {name} at {percent(x.deposit.rate)}{who} = {money(x.paid, currency)}"
        key = f"{x.line}.{x.deposit.column}"
        values[key] = "; ".join(x.unresolved) if x.unresolved else x.paid
        if x.unresolved:
            lines.append(f"{x.line}: {name} at {percent(x.deposit.rate)}{who} unresolved with its line{by}")
        elif x.due is None:
            back = f"; {money(x.expected_back, currency)} expected back" if x.expected_back is not None else ""
            lines.append(f"{head}; no final rate yet{by}{back}")
            if x.expected_back is not None:
                values[f"{key}.expected_back"] = x.expected_back
        else:
            final = percent(x.deposit.final_rate or Fraction(0))
            word = "to pay" if x.due >= 0 else "back"
            lines.append(
                f"{head}; final rate {final}: {money(abs(x.due), currency)} {word}, interest "
                f"{money(abs(x.interest), currency)}{by}"
            )
            values[f"{key}.due"], values[f"{key}.interest"] = x.due, x.interest
        data.append(
            {
                "line": x.line,
                "column": x.deposit.column,
                "supplier": x.deposit.supplier,
                "paid_cents": None if x.unresolved else x.paid,
                "due_cents": x.due,
                "interest_cents": x.interest,
                "forum": x.forum,
                "expected_back_cents": x.expected_back,
                "unresolved": list(x.unresolved),
            }
        )
    return Section("deposits", "Deposits and final rates", data, tuple(lines), values)
