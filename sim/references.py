"""References: where a number or a rule comes from, precise enough to be looked up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A source, with the place inside it.

    Parameters
    ----------
    title : str
        Document and pinpoint, such as ``19 CFR 24.23(b)(1)``.
    href : str
        Address, empty when the source has none.
    status : str
        ``seen`` (read in the source), ``memory`` (recalled, not checked), ``estimate`` or ``assumption``.
    """

    title: str
    href: str = ""
    status: str = "seen"

    def __str__(self) -> str:
        mark = "" if self.status == "seen" else f" [{self.status}]"
        return f"{self.title}{mark}"
