"""Interest that net cost leaves out: what a loan costs above the government's rate for the same maturity and a margin.

References
----------
SOR/2020-155 s.7, Schedule 9; SOR/94-14 s.6(14), Schedule XI.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from sim.origin.agreement_terms import Terms
from sim.origin.finding import Finding, Plain
from sim.origin.good import ZERO, Question
from sim.origin.numbers import HUNDRED, number, rounded, share, show, show_share
from sim.reading import Node

_KEYS = ("loan", "years", "rate", "payment", "principal", "periods", "yields", "maturity", "limit", "in_costs", "note")
_PERIOD_KEYS = ("years", "rate", "payment", "principal", "yields", "note")
_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Period:
    """Years of a loan over which its rate is fixed.

    Parameters
    ----------
    years : int
    rate : Fraction
        Yearly rate as a share of one.
    payment : Fraction, optional
        Level yearly payment of principal and interest; reckoned over the rest of the loan where not stated.
    principal : tuple of Fraction
        Principal paid at the end of each year, where stated instead.
    yields : tuple of (years, rate)
        Yields of government debt by maturity; empty for those of the loan.
    """

    years: int
    rate: Fraction
    payment: Fraction | None = None
    principal: tuple[Fraction, ...] = ()
    yields: tuple[tuple[Fraction, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan, in years from its beginning; `maturity` where its weighted average is known already."""

    amount: Fraction
    periods: tuple[Period, ...]
    years: int
    yields: tuple[tuple[Fraction, Fraction], ...]
    limit: Fraction | None
    maturity: Fraction | None = None
    in_costs: bool = False


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One period reckoned: balances, maturity, comparable yield, interest and what of it is not allowable."""

    begin: Fraction
    end: Fraction
    weighted: Fraction
    maturity: Fraction
    comparable: Fraction
    interest: Fraction
    non_allowable: Fraction


def read(node: Node) -> Loan:
    """Read the section: one rate (`years`, `rate`), or `periods` of fixed rates within the loan's `years`."""
    entries = node.fields(_KEYS, ("loan", "yields") if not _has_period_yields(node) else ("loan",))
    years = _years(entries["years"]) if "years" in entries else 0
    if "periods" in entries:
        periods = tuple(_read_period(item) for item in entries["periods"].items())
        covered = sum(period.years for period in periods)
        if years and covered > years:
            entries["periods"].fault(f"the periods cover {covered} years, the loan {years}.")
    else:
        for key in ("years", "rate"):
            if key not in entries:
                node.fault(f"the key '{key}' is missing (or 'periods').")
        own = {key: item for key, item in entries.items() if key in ("rate", "payment", "principal")}
        periods = (_period(own, years),)
        covered = years
    amount = number(entries["loan"]) if "loan" in entries else ZERO
    if "loan" in entries and not amount:
        entries["loan"].fault("the loan is zero.")
    return Loan(
        amount,
        periods,
        years or covered,
        _read_yields(entries.get("yields")),
        _limit(entries["limit"]) if "limit" in entries else None,
        number(entries["maturity"]) if "maturity" in entries else None,
        "in_costs" in entries and entries["in_costs"].flag(),
    )


def _has_period_yields(node: Node) -> bool:
    periods = node.value.get("periods") if isinstance(node.value, dict) else None
    return isinstance(periods, list) and all(isinstance(item, dict) and "yields" in item for item in periods)


def _read_period(node: Node) -> Period:
    entries = node.fields(_PERIOD_KEYS, ("years", "rate"))
    return _period(entries, _years(entries["years"]) if "years" in entries else 1)


def _period(entries: dict[str, Node], years: int) -> Period:
    return Period(
        years,
        share(entries["rate"]) if "rate" in entries else ZERO,
        number(entries["payment"]) if "payment" in entries else None,
        tuple(number(item) for item in entries["principal"].items()) if "principal" in entries else (),
        _read_yields(entries.get("yields")),
    )


def _years(node: Node) -> int:
    text = node.text()
    if not re.fullmatch(r"[1-9]\d?", text):
        node.fault(f"{node.quote()} is not a number of years. Write a whole number from 1 to 99.")
        return 1
    return int(text)


def _limit(node: Node) -> Fraction:
    text = node.text()
    if match := re.fullmatch(r"(\d+) basis points", text):
        return Fraction(int(match[1]), _BASIS_POINTS)
    return share(node)


def _read_yields(node: Node | None) -> tuple[tuple[Fraction, Fraction], ...]:
    """Yields such as ``{5y: 4.7 %, 7y: 5 %}``, by maturity."""
    found = []
    for name, item in (node.entries() if node else {}).items():
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:y|years?)?", name)
        if not match:
            item.fault(f"'{name}' is not a maturity. Write it as 5y.")
            continue
        found.append((Fraction(match[1]), share(item)))
    if node is not None and not found:
        node.fault("no yield is stated. Write them by maturity, such as {5y: 4.7 %, 7y: 5 %}.")
    return tuple(sorted(found))


def level_payment(amount: Fraction, rate: Fraction, years: int) -> Fraction:
    """The level yearly payment that pays a loan off: principal and interest.

    Examples
    --------
    >>> round(float(level_payment(Fraction(1_000_000), Fraction(6, 100), 10)), 2)
    135867.96
    """
    if not rate:
        return amount / years
    return amount * rate / (1 - (1 + rate) ** -years)


def interpolate(yields: Sequence[tuple[Fraction, Fraction]], maturity: Fraction) -> Fraction:
    """The yield at a maturity, on the line between its neighbours; the nearest one outside the range.

    Examples
    --------
    >>> interpolate([(Fraction(5), Fraction(47, 1000)), (Fraction(7), Fraction(50, 1000))], Fraction(6))
    Fraction(97, 2000)
    """
    if maturity <= yields[0][0]:
        return yields[0][1]
    for (left, low), (right, high) in pairwise(yields):
        if maturity <= right:
            return low + (high - low) * (maturity - left) / (right - left)
    return yields[-1][1]


def _reckon(loan: Loan, limit: Fraction) -> tuple[Reckoned, ...]:
    """Each period in turn: the balance left at the end of a fixed rate counts as repaid then."""
    found = []
    balance = loan.amount
    left = loan.years
    for period in loan.periods:
        begin, weighted, interest = balance, ZERO, ZERO
        payment = period.payment or level_payment(balance, period.rate, left)
        for year in range(1, period.years + 1):
            cost = balance * period.rate
            paid = period.principal[year - 1] if year <= len(period.principal) else payment - cost
            paid = min(paid, balance) if not period.principal else paid
            weighted += paid * year
            interest += cost
            balance -= paid
        left -= period.years
        rest = max(balance, ZERO) if left else ZERO
        weighted += rest * period.years
        reckoned = rounded(weighted / begin, 1) if begin else ZERO
        maturity = loan.maturity if loan.maturity is not None else reckoned
        comparable = interpolate(period.yields or loan.yields, maturity)
        excess = max(period.rate - comparable - limit, ZERO)
        non_allowable = interest * excess / period.rate if period.rate else ZERO
        found.append(Reckoned(begin, balance, weighted, maturity, comparable, interest, non_allowable))
    return tuple(found)


def find(loan: Loan, question: Question, terms: Terms) -> Finding:
    """Maturity, comparable yield and interest not allowable, for each period of a fixed rate.

    Notes
    -----
    Weighted average principal maturity = sum of (principal paid x year) / principal, to one decimal as in the
    examples of the schedule; the yield of government debt is interpolated at it. Interest at a rate above that yield
    plus the limit is not allowable, in proportion.
    """
    limit = loan.limit if loan.limit is not None else terms.interest_limit
    if limit is None:
        needs = ("agreement and on, or limit (such as '700 basis points')",)
        return Finding("non-allowable interest", None, "No limit is known.", needs=needs)
    periods = _reckon(loan, limit)
    inner = tuple(
        _period_finding(n, period, item, limit)
        for n, (period, item) in enumerate(zip(loan.periods, periods, strict=True), start=1)
    )
    total = sum((item.non_allowable for item in periods), ZERO)
    values: dict[str, Fraction | Plain] = dict(inner[0].values) if len(inner) == 1 else {}
    if len(inner) > 1:
        for n, item in enumerate(inner, start=1):
            values |= {f"{name}_{n}": value for name, value in item.values.items()}
    values |= {"non_allowable": total, "interest": sum((item.interest for item in periods), ZERO)}
    words = f"Interest not allowable: {show(total)}."
    if not total:
        words = "All interest is allowable."
    return Finding("non-allowable interest", None, words, "", values, terms.reference("interest_limit"), inner=inner)


def _period_finding(n: int, period: Period, item: Reckoned, limit: Fraction) -> Finding:
    asked = item.comparable + limit
    values: dict[str, Fraction | Plain] = {
        "maturity_years": item.maturity,
        "weighted_principal": item.weighted,
        "yield_pct": item.comparable * HUNDRED,
        "limit_pct": asked * HUNDRED,
        "rate_pct": period.rate * HUNDRED,
        "interest": item.interest,
        "non_allowable": item.non_allowable,
        "principal_at_start": item.begin,
        "principal_at_end": item.end,
    }
    arithmetic = (
        f"{show(round(item.weighted, 2))} / {show(round(item.begin, 2))} = {show(item.maturity)} years; "
        f"government yield there {show_share(item.comparable)} + {show_share(limit)} = {show_share(asked)}; "
        f"rate {show_share(period.rate)}"
    )
    if period.rate > asked:
        arithmetic += f"; {show(round(item.interest, 2))} x ({show_share(period.rate)} - {show_share(asked)})"
        arithmetic += f" / {show_share(period.rate)} = {show(round(item.non_allowable, 2))}"
    verdict = "above" if period.rate > asked else "within"
    words = f"The rate {show_share(period.rate)} is {verdict} the limit {show_share(asked)}."
    return Finding(f"interest of period {n}", None, words, arithmetic, values)
