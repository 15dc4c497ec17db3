"""What was asked about goods on a day: read from the words typed, or refused with all that is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from sim.answers.countries import CURRENCIES
from sim.errors import LawError, Problem, nearest
from sim.law import Law, LineFacts
from sim.law.amounts import AMOUNTS
from sim.law.checks import Span, code_problem, country_problem, span_of
from sim.law.facts import CLOSED_FACTS, COUNTRY_FACTS, digits, require_line
from sim.scenario.parsers import parse_date
from sim.units import parse_money

SOURCE = "sim law"
_OPTION = {"importer": "--importer", "origin": "--origin", "hts_code": "--hts", "agreement": "--claim"}
_KINDS = {item.name: str(item.type) for item in fields(LineFacts)}
_MADE = ("dutiable_value", "unreduced_value")  # by the law, from the customs value
FACTS = tuple(sorted([name for name in _KINDS if name not in _OPTION], key=str))
MONEY = tuple(name for name in AMOUNTS if name not in ("customs_value", *_MADE))
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Typed:
    """The words of a question about goods, as they were typed; empty for what was not."""

    on: str
    importer: str
    origin: str
    hts: str
    claim: str = ""
    value: str = ""
    known: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about goods on a day.

    Parameters
    ----------
    line : LineFacts
        What is known of the goods; a claim takes them to originate unless a fact says otherwise.
    amounts : mapping of str to int
        Money by name in cents; empty where no value was given.
    currency : str
        Currency of the amounts: that of the importer.
    known : date, optional
        Day whose papers may be used; None for all that is known today.
    notes : tuple of str
        What the asker should know about the question.
    """

    on: dt.date
    line: LineFacts
    amounts: Mapping[str, int]
    currency: str
    known: dt.date | None
    notes: tuple[str, ...]


def read_day(text: str, option: str, span: Span) -> tuple[dt.date | None, list[Problem]]:
    """A day that the law may be asked about, or what is wrong with it."""
    try:
        day = parse_date(text)
    except ValueError as error:
        return None, [Problem(option, str(error))]
    problem = span.problem(day)
    return (None, [Problem(option, problem)]) if problem else (day, [])


def read_asked(law: Law, typed: Typed) -> Asked:
    """Read a question about goods.

    Raises
    ------
    LawError
        With everything that is wrong with it, each problem under the option that was typed.
    """
    span = span_of(law)
    on, problems = read_day(typed.on, "--on", span)
    known: dt.date | None = None
    if typed.known:
        known, found = read_day(typed.known, "--known", span)
        problems += found
    problems += _importer(law, typed.importer)
    problems += [Problem("--origin", message) for message in [country_problem(typed.origin)] if message]
    problems += _code(typed.hts)
    problems += _claim(law, typed.claim)
    facts, amounts = _facts(typed, problems)
    line = _line(typed, facts, problems)
    if problems:
        raise LawError(SOURCE, problems)
    assert on is not None  # else there were problems
    currency = CURRENCIES.get(typed.importer, "")
    return Asked(on, line, amounts, currency, known, _notes(law, line, on, known, span))


def _importer(law: Law, text: str) -> list[Problem]:
    importers = sorted({programme.importer for programme in law.by_path.values()})
    if text in importers:
        return []
    wrong = country_problem(text)
    if any(f"'{importer}'" in wrong for importer in importers):
        return [Problem("--importer", wrong)]
    allowed = f"Allowed importers: {', '.join(importers)}."
    return [Problem("--importer", f"no law of '{text}' as an importer. {allowed}")]


def _code(text: str) -> list[Problem]:
    problem = code_problem(text)
    if problem and text[:2] in ("98", "99"):
        problem = problem.replace("as chapter_98.", f"as --fact chapter_98={text}.")
    return [Problem("--hts", problem)] if problem else []


def _claim(law: Law, text: str) -> list[Problem]:
    if not text or text in law.agreements:
        return []
    return [Problem("--claim", f"no agreement named '{text}'. {nearest(text, law.agreements, 'agreements')}")]


def _facts(typed: Typed, problems: list[Problem]) -> tuple[dict[str, str | bool | None], dict[str, int]]:
    """Facts of the line and money by name."""
    facts: dict[str, str | bool | None] = {}
    amounts: dict[str, int] = {}
    if typed.value:
        _read_money("customs_value", "--value", typed.value, typed.importer, amounts, problems)
    for written in typed.facts:
        name, sign, text = (word.strip() for word in written.partition("="))
        where = f"--fact {written}"
        if not sign or not text:
            problems.append(Problem(where, "is not a fact. Write 'name=value', such as 'use=aftermarket'."))
        elif name in MONEY:
            _read_money(name, where, text, typed.importer, amounts, problems)
        elif name in FACTS:
            facts[name] = _read_fact(name, where, text, problems)
        elif name in _OPTION:
            problems.append(Problem(where, f"'{name}' has an option of its own: {_OPTION[name]}."))
        else:
            problems.append(Problem(where, f"no fact named '{name}'. {nearest(name, (*FACTS, *MONEY), 'facts')}"))
    if amounts and not typed.value:
        problems.append(Problem("--value", "is missing. An amount among the facts needs the customs value too."))
    return facts, amounts


def _read_money(
    name: str, where: str, text: str, importer: str, amounts: dict[str, int], problems: list[Problem]
) -> None:
    wanted = CURRENCIES.get(importer, "USD")
    try:
        currency, cents = parse_money(text.replace(",", ""))
    except ValueError:
        message = f"'{text}' is not an amount of money. Write the currency first, such as '{wanted} 200000'."
        problems.append(Problem(where, message))
        return
    if importer in CURRENCIES and currency != wanted:
        problems.append(Problem(where, f"'{text}' is in {currency}. Customs value is declared in {wanted}."))
    elif cents < 0:
        problems.append(Problem(where, f"'{text}' is negative. A value is nothing or more."))
    amounts[name] = max(cents, 0)


def _read_fact(name: str, where: str, text: str, problems: list[Problem]) -> str | bool | None:
    if text == "unknown" and "None" in _KINDS[name]:
        return None
    if "bool" in _KINDS[name]:
        if text not in _FLAGS:
            problems.append(Problem(where, f"'{text}' is neither yes nor no."))
        return _FLAGS.get(text, False)
    if name in COUNTRY_FACTS and text != "none":
        problems += [Problem(where, message) for message in [country_problem(text)] if message]
    return "" if text == "none" else text


def _line(typed: Typed, facts: Mapping[str, str | bool | None], problems: list[Problem]) -> LineFacts:
    """The facts of the line; whatever the law could not read is a problem under the word that said it."""
    given: dict[str, str | bool | None] = {
        "importer": typed.importer,
        "exporter": typed.origin,
        "origin": typed.origin,
        "hts_code": typed.hts,
        "origin_marking": typed.origin,
        "agreement": typed.claim,
        "originating": bool(typed.claim),
        **_vehicle(typed.hts),
        **facts,
    }
    make: Callable[..., LineFacts] = LineFacts
    line = make(**given)
    said = {p.where.split("=")[0] for p in problems if "=" in p.where or not p.where.startswith("--fact")}
    try:
        require_line(line)
    except LawError as error:
        for problem in error.problems:
            option = _OPTION.get(problem.where, f"--fact {problem.where}")
            if option not in said and not (problem.where in COUNTRY_FACTS and "--origin" in said):
                problems.append(Problem(option, problem.message))
    return line


def _vehicle(code: str) -> dict[str, str]:
    """Use and class of a vehicle by its code; parts and other goods have neither.

    Goods vehicles of up to 5 t are 8704.21, .31, .41 and .51; the electric ones of .60 are of any weight: no class.
    """
    own = digits(code)
    if not own.startswith(("8701", "8702", "8703", "8704", "8705")) or len(own) < 4:
        return {}
    if own.startswith("8703"):
        return {"use": "vehicle", "vehicle_class": "passenger"}
    if own.startswith("8702"):
        return {"use": "vehicle", "vehicle_class": "bus"}
    if "870460".startswith(own) or own.startswith("870460"):
        return {"use": "vehicle"}
    light = own.startswith(("870421", "870431", "870441", "870451"))
    return {"use": "vehicle", "vehicle_class": "light_truck" if light else "heavy_truck"}


def _notes(law: Law, line: LineFacts, on: dt.date, known: dt.date | None, span: Span) -> tuple[str, ...]:
    notes = []
    if line.agreement and not law.agreements[line.agreement].in_force(on, known):
        notes.append(f"{line.agreement} is not in force on {on}: the claim counts for nothing.")
    elif line.agreement and line.originating:
        notes.append(f"The goods are taken to originate under {line.agreement}; `sim origin FILE` tests it.")
    elif not line.agreement and (name := law.agreement(line.importer, line.exporter, on, known)):
        notes.append(f"{name} is in force between the two countries: add --claim {name} for goods that originate.")
    if line.importer == line.origin == line.exporter:
        notes.append("Goods of the importing country itself, coming back: say where from with --fact exporter=MX.")
    if on > span.published:
        notes.append(f"{on} lies after the last document read, of {span.published}: values are those known then.")
    return tuple(notes)


def how_to_say(name: str) -> str:
    """How a missing fact is given on the command line; empty where it is none of the options."""
    if name.startswith("hts_code"):
        return "--hts with all ten digits, if need be"
    if name in MONEY:
        return f"--fact {name}='USD ...'"
    if name not in FACTS:
        return ""
    words = "|".join(word or "none" for word in CLOSED_FACTS.get(name, ()))
    allowed = "yes|no" if "bool" in _KINDS[name] else words or "..."
    return f"--fact {name}={allowed}"


def written(facts: Sequence[tuple[str, str]]) -> str:
    """Facts in words, such as ``use original equipment``."""
    return ", ".join(f"{name.replace('_', ' ')} {value.replace('_', ' ')}" for name, value in facts)
