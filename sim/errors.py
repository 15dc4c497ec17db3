"""Errors as part of the product: every problem of an input at once, each with its place and its remedy."""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Orders to a terminal, marks that turn text round, characters without any shape, halves of a character: a name that
# has one cannot be told from another, and printing it may do more than show it.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]|\r(?!\n)"
)
MOST_DIGITS = 40  # in a row
_ENDLESS = re.compile(rf"\d{{{MOST_DIGITS + 1},}}")
_LONG_WORD, _LONG_TEXT = 1_000, 8_000  # characters of one word and of one message that are shown whole
_KEPT_END = 40
_LONG_LIST = re.compile(r"Allowed ([\w -]+): [^.]{200,}\.")
MOST_TOLD = 400  # problems of one source that are looked for and shown


def oddity(text: str) -> tuple[int, str] | None:
    r"""The first thing in a text that no file needs: a character that cannot be seen, a number without end.

    Returns
    -------
    tuple of int and str, or None
        Its place in the text, and what to say of it; None where there is none.

    Examples
    --------
    >>> oddity("Windsor"), oddity("Wind\x1bsor")
    (None, (4, 'holds the character U+001B, which cannot be seen. Take it out.'))
    """
    found = _UNSEEN.search(text) or _ENDLESS.search(text)
    if found is None:
        return None
    if len(found[0]) == 1:
        return found.start(), f"holds the character U+{ord(found[0]):04X}, which cannot be seen. Take it out."
    return found.start(), f"holds a number of {len(found[0]):,} digits. Write {MOST_DIGITS} at most."


def line_at(text: str, place: int) -> int:
    """The line, from 1, that a place of a text lies in."""
    return text.count("\n", 0, place) + 1


def legible(text: str) -> str:
    r"""A text as it may be shown to anybody: what cannot be seen is written out, what is endless is shortened.

    Examples
    --------
    >>> legible("a\x1b[31mb"), len(legible("x" * 5_000_000)) < 1_100
    ('a\\u001b[31mb', True)
    """
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\\r\\n"))
    if len(text) <= _LONG_WORD:
        return text
    return _shortened(re.sub(rf"\S{{{_LONG_WORD},}}", lambda word: _shortened(word[0], _LONG_WORD), text), _LONG_TEXT)


def _shortened(text: str, most: int) -> str:
    left_out = len(text) - most
    if left_out <= _KEPT_END:
        return text
    return f"{text[: most - _KEPT_END]}[... {left_out:,} characters ...]{text[-_KEPT_END:]}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, legible whatever the input holds.

    Parameters
    ----------
    where : str
        Place inside the source, such as ``line 7, shocks[0].at`` or ``lanes.csv row 12``; may be empty.
    message : str
        What was found, quoted, then what is allowed or how to mend it.
    """

    where: str
    message: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", legible(self.where))
        object.__setattr__(self, "message", legible(self.message))

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class SimError(Exception):
    """Base of all errors that a user can mend; carries every problem found, not only the first."""

    def __init__(self, source: str, problems: Iterable[Problem | str]) -> None:
        self.source = source
        self.problems = tuple(p if isinstance(p, Problem) else Problem("", p) for p in problems)
        super().__init__(self.text())

    def text(self) -> str:
        """The message a user reads: the source, the number of problems, then one line each, of very many the first."""
        count, source = len(self.problems), legible(self.source)
        if count == 1:
            return f"{source}: {self.problems[0]}"
        lines = "\n".join(f"  {problem}" for problem in _listed_once(self.problems[:MOST_TOLD]))
        more = f"\n  and {count - MOST_TOLD:,} more" if count > MOST_TOLD else ""
        return f"{source}: {count} problems\n{lines}{more}"

    def within(self, source: str) -> SimError:
        """The same problems as those of another source that leads to this one, unless it is named already."""
        if source in self.text():
            return self
        return type(self)(f"{source}: {self.source}", self.problems)

    def __reduce__(self) -> tuple[type[SimError], tuple[str, tuple[Problem, ...]]]:
        return (type(self), (self.source, self.problems))


class ScenarioError(SimError):
    """A scenario or study file cannot be understood."""


class NetworkError(SimError):
    """A network is incomplete or contradicts itself."""


class LawError(SimError):
    """A law file, reform or law look-up cannot be answered."""


class PlanError(SimError):
    """A plan cannot be built or would not be a fair baseline."""


class LedgerError(SimError):
    """A ledger breaks a balance that must hold: a defect of the program, never of the input."""


class PopulationError(SimError):
    """Weights or parameters of the population of makers cannot be understood."""


class DataError(SimError):
    """A stored result is missing, damaged or of another version."""


def _listed_once(problems: Iterable[Problem]) -> Iterator[str]:
    """Problems in words; a long list of what is allowed is told the first time only."""
    told: set[str] = set()
    for problem in problems:
        text = str(problem)
        found = _LONG_LIST.search(text)
        if found and found[0] in told:
            text = text.replace(found[0], f"Allowed {found[1]}: as above.")
        elif found:
            told.add(found[0])
        yield text


# What a disk or system says that is full, read-only, forbidden or broken: nothing of the program's own.
_MACHINE = {
    getattr(errno, name)
    for name in (
        "ENOSPC",
        "EDQUOT",
        "EFBIG",
        "EROFS",
        "EACCES",
        "EPERM",
        "EIO",
        "EMFILE",
        "ENFILE",
        "ENOTDIR",
        "EISDIR",
    )
    if hasattr(errno, name)
}


def machine_fault(error: BaseException) -> str:
    """What a disk or system refused, in its own words such as ``No space left on device``; empty for other errors.

    Examples
    --------
    >>> machine_fault(OSError(28, "No space left on device")), machine_fault(ValueError("no"))
    ('No space left on device', '')
    """
    if isinstance(error, OSError):
        return (error.strerror or str(error)) if error.errno in _MACHINE else ""
    if type(error).__module__.partition(".")[0].strip("_") == "duckdb" and type(error).__name__ == "IOException":
        return legible(str(error).splitlines()[0])  # DuckDB writes Parquet, and has errors of its own
    return ""


def refused(error: BaseException) -> str:
    """What to tell of a fault of the machine: the place, its words, the remedy.

    Examples
    --------
    >>> refused(OSError(28, "No space left on device", "outputs")).partition(". ")[0]
    'outputs: cannot be read or written (No space left on device)'
    """
    place = legible(str(getattr(error, "filename", None) or "sim"))
    mend = "Make room or name another place; the same command goes on from what is done."
    return f"{place}: cannot be read or written ({machine_fault(error)}). {mend}"


_COMPARED = 20_000  # names: of more none is looked for that is close
_SCANNED, _SHOWN = 60, 12  # names a reader scans, as the keys of any section; of longer lists some suffice


def nearest(name: str, allowed: Iterable[str], plural: str = "names") -> str:
    """Say which known name is closest to a wrong one.

    Parameters
    ----------
    name : str
        What the user wrote.
    allowed : iterable of str
        What could have been written.
    plural : str
        What the allowed names are, for the sentence that lists them.

    Returns
    -------
    str
        ``Did you mean 'x'?`` when one is close, otherwise the list of allowed names: all of them up to sixty, of more
        the first twelve.

    Examples
    --------
    >>> nearest("lardeo", ["laredo", "pharr"], "crossings")
    "Did you mean 'laredo'?"
    >>> nearest("zzz", ["laredo", "pharr"], "crossings")
    'Allowed crossings: laredo, pharr.'
    """
    names = sorted(set(allowed))
    compared = names if len(names) <= _COMPARED and len(name) <= _LONG_WORD else []
    close = difflib.get_close_matches(name, compared, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    count = len(names) if len(names) <= _SCANNED else _SHOWN
    shown = ", ".join(names[:count])
    more = f" and {len(names) - count} more" if len(names) > count else ""
    return f"Allowed {plural}: {shown}{more}."
