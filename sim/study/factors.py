"""What a study may vary in a scenario: parameters, values of the law, demand, crossings, firms and customs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sim.errors import LawError, nearest
from sim.law.programme import parse_number
from sim.parameters import nearest_value, parameter_names, read_override, regime_names
from sim.scenario import FIRMS, Scenario
from sim.scenario.parsers import parse_choice, parse_daily
from sim.study.law_values import law_type, with_law_value
from sim.units import HOUR, MINUTE, PPM, parse_money, parse_rate

KINDS = ("parameters", "law", "demand", "crossings", "firms", "claim_regime")
_DIGITS = 6  # significant digits of a value between two written ones


@dataclass(frozen=True, slots=True)
class Factor:
    """Something of a scenario that takes several values, written as a scenario or a law file writes them.

    Parameters
    ----------
    path : str
        ``parameters/pass_through_pct``, ``law/us/mfn/rates/8708.40``, ``demand/plant/lansing/crossover_ice``,
        ``crossings/ambassador_bridge/us/booths_standard``, ``firms`` or ``claim_regime``.
    read : callable
        From text to a number; a ValueError says what is allowed.
    write : callable or None
        From a number to the nearest text that is allowed; None where there is nothing between two values.
    change : callable
        From a scenario and a text to the scenario with it.
    called : str
        What names call it where another factor of the study has the same word.
    """

    path: str
    read: Callable[[str], float]
    write: Callable[[float], str] | None
    change: Callable[[Scenario, str], Scenario]
    called: str = ""

    @property
    def word(self) -> str:
        """What names call it: the last step of the path, of a law the last two, of a crossing or a vehicle all."""
        return self.called or word_of(self.path)

    def between(self, low: str, high: str, share: float) -> str:
        """The text that lies a share of the way, 0 to 1, from one value to another."""
        assert self.write is not None
        first, last = self.read(low), self.read(high)
        return self.write(first + share * (last - first))


def word_of(path: str) -> str:
    """What names call a factor that no other factor of its study resembles."""
    steps = path.split("/")
    return "_".join(steps[{"law": max(1, len(steps) - 2), "crossings": 1, "demand": 1}.get(steps[0], -1) :])


def words_of(paths: Iterable[str]) -> dict[str, str]:
    """What names call each factor of a study: its word, or its whole path where two would have the same word."""
    words = {path: word_of(path) for path in paths}
    spoken = Counter(words.values())
    return {path: word if spoken[word] == 1 else path.replace("/", "_") for path, word in words.items()}


def factor_named(path: str, scenario: Scenario) -> Factor:
    """The factor of a path.

    Raises
    ------
    ValueError
        No such factor of the scenario, with the nearest.
    """
    kind, _, rest = path.partition("/")
    if kind not in KINDS:
        raise ValueError(f"nothing that can be varied is named '{kind}'. {nearest(kind, KINDS, 'names')}")
    if kind in ("firms", "claim_regime"):
        return _choice(path, kind)
    if not rest:
        raise ValueError(f"'{path}' names no {kind}. Write such as '{_EXAMPLES[kind]}'.")
    return _MAKERS[kind](path, rest, scenario)


_EXAMPLES = {
    "parameters": "parameters/pass_through_pct",
    "law": "law/PATH, as `sim list law` names it",
    "demand": "demand/plant/lansing/crossover_ice",
    "crossings": "crossings/ambassador_bridge/us/booths_standard",
}


def _choice(path: str, field: str) -> Factor:
    allowed = FIRMS if field == "firms" else regime_names()
    read = parse_choice(allowed, "values")
    return Factor(path, lambda text: float(allowed.index(read(text))), None, lambda s, text: s.with_(**{field: text}))


def _parameter(path: str, name: str, scenario: Scenario) -> Factor:
    if name not in parameter_names():
        raise ValueError(f"no parameter named '{name}'. {nearest(name, parameter_names(), 'parameters')}")
    unit = scenario.values().ranges[name].unit

    def read(text: str) -> float:
        value, problem = read_override(name, text)
        if problem:
            raise ValueError(problem)
        return value

    return Factor(
        path,
        read,
        lambda value: f"{_plain(nearest_value(name, value))} {unit}",
        lambda s, text: s.with_(parameters={**s.parameters, name: text}),
    )


def _law(path: str, name: str, scenario: Scenario) -> Factor:
    try:
        kind = law_type(scenario, name)
    except LawError as error:
        raise ValueError(error.problems[0].message) from None
    writers: dict[str, Callable[[float], str]] = {
        "rate": lambda value: f"{round(value) / (PPM / 100):.4f}".rstrip("0").rstrip(".") + " %",
        "number": lambda value: str(round(value)),
    }
    readers: dict[str, Callable[[str], float]] = {
        "rate": lambda text: float(parse_rate(text)),
        "money": lambda text: parse_money(text)[1] / 100,
        "number": lambda text: float(parse_number(text)),
    }
    return Factor(path, readers.get(kind, lambda _: 0.0), writers.get(kind), lambda s, text: _with_law(s, name, text))


def _with_law(scenario: Scenario, name: str, text: str) -> Scenario:
    try:
        return with_law_value(scenario, name, text)
    except LawError as error:
        raise ValueError(error.problems[0].message) from None


def _demand(path: str, recipe: str, scenario: Scenario) -> Factor:
    built = [r.id for r in scenario.load_network().recipes.values() if r.schedule is not None]
    if recipe not in built:
        raise ValueError(f"no assembly recipe named '{recipe}'. {nearest(recipe, built, 'assembly recipes')}")
    return Factor(
        path,
        lambda text: float(parse_daily(text)),
        lambda value: f"{round(value)} /day",
        lambda s, text: s.with_(demand={**s.demand, recipe: parse_daily(text)}),
    )


def _crossing(path: str, rest: str, scenario: Scenario) -> Factor:
    from sim.scenario.crossings import SETTINGS  # late: `sim --help` must not wait for it

    place, _, key = rest.rpartition("/")
    crossings = scenario.load_network().crossings.values()
    places = {x.id for x in crossings} | {x.port for x in crossings}
    if place not in places:
        raise ValueError(f"no crossing named '{place}'. {nearest(place, places, 'crossings')}")
    if key not in SETTINGS:
        raise ValueError(f"nothing of a crossing is named '{key}'. {nearest(key, SETTINGS, 'keys')}")
    setting = SETTINGS[key]
    column = setting.column

    def change(s: Scenario, text: str) -> Scenario:
        values = {**s.crossings.get(place, {}), column.name: setting.parse(text)}
        changed = s.with_(crossings={**s.crossings, place: values})
        changed.load_network()
        return changed

    return Factor(path, setting.parse, lambda value: _crossing_text(column.name, column.kind, value), change)


def _crossing_text(name: str, kind: str, value: float) -> str:
    """A value in the unit of a column of crossings.csv, as a scenario writes it."""
    for suffix, seconds in (("_s", 1), ("_min", MINUTE), ("_h", HOUR)):
        if name.endswith(suffix):
            return f"{round(value * seconds)} s"
    if name.endswith("_pct"):
        return f"{value:.4f} %"
    if name.endswith("_usd"):
        return f"USD {value:.2f}"
    return str(round(value)) if kind == "whole" else _plain(value)


_MAKERS: dict[str, Callable[[str, str, Scenario], Factor]] = {
    "parameters": _parameter,
    "law": _law,
    "demand": _demand,
    "crossings": _crossing,
}


def with_values(scenario: Scenario, factors: Sequence[Factor], values: Sequence[str]) -> Scenario:
    """The scenario with every factor at its value.

    Raises
    ------
    ValueError, ScenarioError
        A value is not allowed, or contradicts another.
    """
    for factor, text in zip(factors, values, strict=True):
        scenario = factor.change(scenario, text)
    return scenario


def renamed(scenario: Scenario, name: str, title: str) -> Scenario:
    """A member of a sweep: its own name and title, no file and no expectation of its own."""
    return replace(scenario, name=name, title=title, path=None, expected="", predictions=(), baseline="")


def _plain(value: float) -> str:
    """A number with six significant digits and no exponent."""
    text = f"{float(f'{value:.{_DIGITS}g}'):.12f}"
    return text.rstrip("0").rstrip(".")
