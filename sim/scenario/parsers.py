"""Text to typed values of a scenario: dates, moments, counts, choices. A ValueError says what is allowed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from sim.errors import nearest
from sim.units import DAY, HOUR, PPM, parse_day, parse_duration, parse_rate

_PER_DAY = re.compile(r"([+-]?\d[\d_ ]*(?:\.\d+)?)\s*(.*)")
LONGEST_S = 520 * 7 * DAY  # ten years: longer runs are surely a slip of the pen
_MOST_VEHICLES = 100_000
PCT = PPM // 100


def parse_date(text: str) -> dt.date:
    """Read a date such as ``2017-08-16``."""
    return parse_day(text)


def parse_moment(text: str) -> dt.datetime:
    """Read a moment such as ``2017-11-07T20:00``; without an offset it is UTC. Returns UTC."""
    try:
        if "T" not in text:
            raise ValueError
        moment = dt.datetime.fromisoformat(text)
        parse_day(moment.date().isoformat())
    except ValueError:
        wanted = "Write date and time (UTC), such as '2017-11-07T20:00'."
        raise ValueError(f"'{text}' is not a moment. {wanted}") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC)


def parse_days(text: str) -> int:
    """Read a duration of whole days, in seconds, at most ten years."""
    seconds = _bounded(text)
    if seconds % DAY:
        raise ValueError(f"'{text}' is not a whole number of days. Write such as '10 weeks' or '70 d'.")
    return seconds


def parse_run(text: str) -> int:
    """Read a duration of whole hours, one or more, in seconds, at most ten years."""
    seconds = _bounded(text)
    if seconds == 0:
        raise ValueError(f"'{text}' measures nothing. Write such as '4 weeks'.")
    if seconds % HOUR:
        raise ValueError(f"'{text}' is not a whole number of hours. Write such as '4 weeks' or '36 h'.")
    return seconds


def parse_length(text: str) -> int:
    """Read how long a shock lasts, in seconds: more than nothing."""
    seconds = _bounded(text)
    if seconds == 0:
        raise ValueError(f"'{text}' is no time at all. Write a duration such as '72 h' or '3 d'.")
    return seconds


def parse_factor(least_pct: int) -> Callable[[str], int]:
    """Make a reader of factors such as ``200 %``, from `least_pct` to 10000 %, in parts per million."""

    def parse(text: str) -> int:
        ppm = parse_rate(text)
        if not least_pct * PCT <= ppm <= 10_000 * PCT:
            raise ValueError(f"'{text}' is out of bounds. Allowed: {least_pct} % to 10000 %; 200 % doubles.")
        return ppm

    return parse


def parse_share(text: str) -> int:
    """Read a share such as ``35 %``, in parts per million, at most the whole."""
    ppm = parse_rate(text)
    if ppm > PPM:
        raise ValueError(f"'{text}' is out of bounds. Allowed: 0 % to 100 %.")
    return ppm


def parse_change(text: str) -> int:
    """Read a change such as ``-15 %`` as the factor that it leaves, in parts per million."""
    sign = -1 if text.startswith("-") else 1
    ppm = PPM + sign * parse_rate(text.removeprefix("-"))
    if not 10 * PCT <= ppm <= 1_000 * PCT:
        raise ValueError(f"'{text}' is out of bounds. Allowed: -90 % to 900 %.")
    return ppm


def is_country_code(text: str) -> bool:
    """Whether a text is written like a country code; whether there is such a country is not asked."""
    return re.fullmatch(r"[A-Z]{2}", text) is not None


def parse_country(text: str) -> str:
    """Read a country code such as ``MX``."""
    if not is_country_code(text):
        raise ValueError(f"'{text}' is not a country. Write two capital letters, such as 'MX'.")
    return text


def parse_daily(text: str) -> int:
    """Read vehicles a working day, such as ``1000 /day``."""
    match = _PER_DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a number of vehicles a day. Write it as '1000 /day'.")
    number, unit = match[1].replace("_", "").replace(" ", ""), match[2]
    if unit not in ("/day", "/d", "a day", "per day"):
        found = f"has the unit '{unit}'" if unit else "has no unit"
        raise ValueError(f"'{text}' {found}. Write vehicles a working day, such as '1000 /day'.")
    if not re.fullmatch(r"\d+", number) or len(number) > 9 or int(number) > _MOST_VEHICLES:
        raise ValueError(f"'{text}' is not a whole number from 0 to {_MOST_VEHICLES}.")
    return int(number)


def parse_count(least: int, most: int) -> Callable[[str], int]:
    """Make a reader of whole numbers from `least` to `most`."""

    def parse(text: str) -> int:
        digits = text.replace("_", "")
        if not re.fullmatch(r"\d{1,20}", digits) or not least <= int(digits) <= most:
            raise ValueError(f"'{text}' is not a whole number from {least} to {most}.")
        return int(digits)

    return parse


def parse_choice(allowed: Sequence[str], plural: str) -> Callable[[str], str]:
    """Make a reader of one of several words."""

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"'{text}' is unknown. {nearest(text, allowed, plural)}")
        return text

    return parse


def _bounded(text: str) -> int:
    seconds = parse_duration(text)
    if seconds > LONGEST_S:
        raise ValueError(f"'{text}' is too long. Allowed: up to 520 weeks.")
    return seconds
