"""One comparison: what is compared, ours, theirs, the band, and whether ours lies in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A published number beside ours.

    Parameters
    ----------
    target : str
        Name of the target, such as ``V1`` or ``T03``.
    item : str
        What of it is compared, such as ``ambassador_bridge/us mean``.
    ours, theirs : float
        Ours is nan where it could not be reckoned.
    unit : str
        Of both.
    low, high : float
        The band in which ours is as it should be, ends included.
    band : str
        How the band comes about, in words.
    source : str
        Where theirs is published.
    note : str
        Why ours misses, or what to bear in mind.
    """

    target: str
    item: str
    ours: float
    theirs: float
    unit: str
    low: float
    high: float
    band: str
    source: str
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether ours lies in the band."""
        return self.low <= self.ours <= self.high


def within_pct(theirs: float, pct: float) -> tuple[float, float, str]:
    """A band of so many percent about a number.

    Examples
    --------
    >>> within_pct(200.0, 3.0)
    (194.0, 206.0, '3 %')
    """
    ends = sorted((theirs * (1 - pct / 100), theirs * (1 + pct / 100)))
    return ends[0], ends[1], f"{pct:g} %"


def within_factor(theirs: float, factor: float) -> tuple[float, float, str]:
    """A band from a fraction of a number to its multiple.

    Examples
    --------
    >>> within_factor(10.0, 2.0)
    (5.0, 20.0, 'a factor of 2')
    """
    return theirs / factor, theirs * factor, f"a factor of {factor:g}"


def within_minutes(theirs: float, minutes: float, pct: float) -> tuple[float, float, str]:
    """A band of minutes, or of percent where that is wider, and never below 0.

    Examples
    --------
    >>> within_minutes(45.0, 15.0, 50.0)
    (22.5, 67.5, '15 min or 50 %')
    """
    half = max(minutes, theirs * pct / 100)
    return max(0.0, theirs - half), theirs + half, f"{minutes:g} min or {pct:g} %"


def exactly(theirs: float, tolerance: float) -> tuple[float, float, str]:
    """A band for what arithmetic must give.

    Examples
    --------
    >>> exactly(5.0, 0.0)
    (5.0, 5.0, 'exact')
    """
    return theirs - tolerance, theirs + tolerance, "exact" if tolerance == 0 else f"{tolerance:g}"
