"""Which of the three questions about the law was asked: a value, goods on a day, or the difference of a reform."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sim.answers.asked import SOURCE, Typed, read_asked, read_day
from sim.answers.goods import find_goods, goods_answer
from sim.answers.goods_text import goods_text
from sim.answers.history import law_history
from sim.errors import LawError
from sim.law import Law, load_law
from sim.law.checks import span_of

GOODS = ("on", "importer", "origin", "hts")
ONLY_GOODS = ("importer", "origin", "hts", "claim", "value", "known", "facts", "show_all")
_OPTIONS = {"facts": "--fact", "show_all": "--all"}


def ask_law(path: str | None, **options: Any) -> tuple[dict[str, Any], str]:
    """Answer what was typed after ``sim law``, as JSON and as text.

    Raises
    ------
    ValueError
        The words do not make one of the three questions.
    LawError
        The question is wrong in itself, with all its problems.
    """
    compared, reforms = options["compared"], options["reforms"]
    given = [name for name in ONLY_GOODS if options.get(name) and not (compared and name == "show_all")]
    if path is None and not compared:
        return _goods(options, reforms)
    if given:
        names = ", ".join(_OPTIONS.get(name, f"--{name}") for name in given)
        asked = "a PATH" if path is not None else "--difference"
        raise ValueError(f"{names} cannot be used with {asked}.")
    if path is not None and compared:
        raise ValueError("Give either a PATH or --difference, not both.")
    law = load_law(reforms)
    on = _day(law, options["on"])
    if path is not None:
        return law_history(law, path, on)
    from sim.answers.difference import law_difference

    return law_difference(law, tuple(compared), on, options["network_name"], options["show_all"])


def _goods(options: dict[str, Any], reforms: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    lacking = [f"--{name}" for name in GOODS if not options.get(name)]
    if lacking:
        example = "sim law --on 2025-03-05 --importer US --origin MX --hts 8544.30"
        missing = f"Missing: {', '.join(lacking)}. " if len(lacking) < len(GOODS) else ""
        raise ValueError(f"{missing}Give a PATH, or --difference REFORM, or goods such as: {example}")
    law = load_law(reforms)
    words = ("on", "importer", "origin", "hts", "claim", "value", "known")
    typed = Typed(**{name: options[name] or "" for name in words}, facts=tuple(options["facts"]))
    found = find_goods(law, read_asked(law, typed))
    return goods_answer(found), goods_text(found, options["show_all"])


def _day(law: Law, text: str | None) -> dt.date | None:
    if text is None:
        return None
    day, problems = read_day(text, "--on", span_of(law))
    if problems:
        raise LawError(SOURCE, problems)
    return day
