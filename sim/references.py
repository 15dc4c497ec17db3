"""References: where a number or a rule comes from, precise enough to be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ADDRESS = re.compile(r"https?://[^\s;,]+")
_MARK = re.compile(r"\s*\[(memory|estimate|assumption)\]\s*$")
_BEFORE, _AFTER = " .,:;)", " .,:;("  # left over where an address stood in brackets or at the end of a sentence


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


def works_in(text: str) -> Iterator[Reference]:
    """The works with an address that a sentence names, each with the words before its address.

    What follows the last address says how the work was read, and is no work.

    Examples
    --------
    >>> told = "Salamanca 770 M (https://a.org/1), Pesqueria 3,000 M (https://b.org/2); new plants differ"
    >>> for work in works_in(told):
    ...     print(work.title, "|", work.href)
    Salamanca 770 M | https://a.org/1
    Pesqueria 3,000 M | https://b.org/2
    >>> list(works_in("no public figure"))
    []
    """
    start = 0
    for found in _ADDRESS.finditer(text):
        href = found[0].rstrip(".:")
        href = href if "(" in href else href.rstrip(").:")
        title = text[start : found.start()].lstrip(_BEFORE).rstrip(_AFTER)
        if title:
            yield Reference(title, href)
        start = found.end()


def sources_in(text: str) -> Iterator[Reference]:
    """The sources that a list in prose names, parted by semicolons: works with an address, and documents without.

    What has no address and begins with a small letter is a remark, and ``As for ...`` points to a scenario. A mark
    such as ``[memory]`` is the status.

    Examples
    --------
    >>> for source in sources_in("NAFTA article 2205; Post: https://a.org/1; put off by a month; A statement [memory]"):
    ...     print(source.title, source.href or "without address", source.status, sep=", ")
    NAFTA article 2205, without address, seen
    Post, https://a.org/1, seen
    A statement, without address, memory
    """
    for clause in filter(None, (part.strip() for part in text.split("; "))):
        works = list(works_in(clause))
        mark = _MARK.search(clause)
        title = _MARK.sub("", clause).strip(_BEFORE.rstrip(")"))
        if works:
            yield from works
        elif not title[:1].islower() and not title.startswith("As for "):
            yield Reference(title, status=mark[1] if mark else "seen")
