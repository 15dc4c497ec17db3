"""Errors as part of the product: every problem of an input at once, each with its place and its remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    Parameters
    ----------
    where : str
        Place inside the source, such as ``line 7, shocks[0].at`` or ``lanes.csv row 12``; may be empty.
    message : str
        What was found, quoted, then what is allowed or how to mend it.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class SimError(Exception):
    """Base of all errors that a user can mend; carries every problem found, not only the first."""

    def __init__(self, source: str, problems: Iterable[Problem | str]) -> None:
        self.source = source
        self.problems = tuple(p if isinstance(p, Problem) else Problem("", p) for p in problems)
        super().__init__(self.text())

    def text(self) -> str:
        """The message a user reads: the source, the number of problems, then one line each."""
        count = len(self.problems)
        if count == 1:
            return f"{self.source}: {self.problems[0]}"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        return f"{self.source}: {count} problems\n{lines}"

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
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    count = len(names) if len(names) <= _SCANNED else _SHOWN
    shown = ", ".join(names[:count])
    more = f" and {len(names) - count} more" if len(names) > count else ""
    return f"Allowed {plural}: {shown}{more}."
