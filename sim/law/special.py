"""Special provisions (`chapter_98`): which an importing country's law names, and what is wrong with one as written."""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import nearest
from sim.law.conditions import mentioned
from sim.law.programme import Programme

_FACT = "chapter_98"


def named_provisions(programmes: Iterable[Programme]) -> tuple[str, ...]:
    """Special provisions that some programmes ask for, or that their choices set, in order."""
    found: set[str] = set()
    for programme in programmes:
        conditions = [*(x.when for x in programme.headings), *(x.when for x in programme.choices)]
        for condition in conditions:
            found.update(mentioned(condition, _FACT))
        found |= {choice.value for choice in programme.choices if choice.fact == _FACT}
    return tuple(sorted(found - {""}))


def provision_problem(programmes: Iterable[Programme], importer: str, text: str) -> str:
    """What is wrong with a special provision as written (``none`` for none); empty for nothing.

    Parameters
    ----------
    programmes : iterable of Programme
        All law of the importing country.
    """
    if text in ("", "none"):
        return ""
    allowed = named_provisions(programmes)
    if text in allowed:
        return ""
    if not allowed:
        return f"no law of {importer} asks for a special provision. Write 'none'."
    return (
        f"'{text}' is no special provision of the law of {importer}. {nearest(text, (*allowed, 'none'), 'provisions')}"
    )
