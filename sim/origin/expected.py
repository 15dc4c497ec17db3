"""What the writer of an origin file expects of a good, and whether it came out: percentages to 0.1, amounts to 0.01."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from sim.errors import nearest
from sim.origin.finding import Finding, Plain
from sim.origin.numbers import parsed, show
from sim.reading import Node

# Tolerances: printed examples round shares to a tenth of a percentage point and money to the cent.
PERCENT = Fraction(1, 10)
AMOUNT = Fraction(1, 100)
_KEYS = ("status", "values", "passes", "unresolved", "arithmetic")
_STATUSES = ("originating", "not originating", "unresolved", "computed")
_VERDICTS: Mapping[str, bool | None] = {"yes": True, "no": False, "unresolved": None}
_FLAGS = {"yes": True, "no": False}
_WORDS = {True: "yes", False: "no", None: "unresolved"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What should come out of a good; empty fields expect nothing.

    Parameters
    ----------
    status : str
        Status of the answer.
    values : mapping of str to str
        Results by their names, as written: numbers, ``yes`` or ``no``, or words.
    passes : mapping of str to str
        Verdicts of tests by their names: ``yes``, ``no`` or ``unresolved``.
    unresolved : tuple of str, optional
        Every fact that is missing, word for word.
    arithmetic : str
        A piece of the printed computation.
    """

    status: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    passes: Mapping[str, str] = field(default_factory=dict)
    unresolved: tuple[str, ...] | None = None
    arithmetic: str = ""


NOTHING = Expected()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing expected beside what was found; `met` where they agree."""

    name: str
    expected: str
    found: str
    met: bool

    def text(self) -> str:
        """The comparison in one line."""
        verdict = "met" if self.met else f"NOT MET, found {self.found}"
        return f"expected {self.name} {self.expected}: {verdict}"


def read_expected(node: Node) -> Expected:
    """Read ``expect: {status: originating, values: {rvc_pct: 62.5}, passes: {tariff shift: yes}}``."""
    entries = node.fields(_KEYS)
    passes = entries["passes"].entries() if "passes" in entries else {}
    return Expected(
        _status(entries["status"]) if "status" in entries else "",
        {name: item.text() for name, item in entries["values"].entries().items()} if "values" in entries else {},
        {name: item.text(_VERDICTS, "verdicts") for name, item in passes.items()},
        entries["unresolved"].texts() if "unresolved" in entries else None,
        entries["arithmetic"].text() if "arithmetic" in entries else "",
    )


def _status(node: Node) -> str:
    """A status, written with blanks or underscores."""
    plain = node.value.replace("_", " ") if isinstance(node.value, str) else node.value
    return Node(plain, node.location, node.document, node.problems).text(_STATUSES, "statuses")


def checks(
    expected: Expected,
    status: str,
    values: Mapping[str, Fraction | Plain],
    findings: Sequence[Finding],
    needs: tuple[str, ...],
) -> tuple[Check, ...]:
    """Everything expected beside what was found, in the order of the file's keys."""
    made = [Check("status", expected.status, status, expected.status == status)] if expected.status else []
    made += [_value(name, text, values) for name, text in expected.values.items()]
    made += [_verdict(name, text, findings) for name, text in expected.passes.items()]
    if expected.unresolved is not None:
        listed, found = ("; ".join(x) or "nothing" for x in (expected.unresolved, needs))
        made.append(Check("unresolved", listed, found, expected.unresolved == needs))
    if expected.arithmetic:
        said = " ".join(text for item in _all(findings) for text in (item.words, item.arithmetic))
        met = " ".join(expected.arithmetic.split()) in " ".join(said.split())
        made.append(Check("arithmetic", expected.arithmetic, "this" if met else "no such computation", met))
    return tuple(made)


def _value(name: str, text: str, values: Mapping[str, Fraction | Plain]) -> Check:
    if name not in values:
        return Check(name, text, f"no figure of that name. {nearest(name, values, 'figures')}", False)
    found = values[name]
    if isinstance(found, bool):
        return Check(name, text, _WORDS[found], _FLAGS.get(text) is found)
    if isinstance(found, str) or found is None:
        return Check(name, text, found or "nothing", " ".join(text.split()) == found)
    exact, wanted = Fraction(found), parsed(text.removesuffix("%").strip())
    near = PERCENT if name.endswith(("_pct", "_points")) else AMOUNT
    return Check(name, text, show(exact), wanted is not None and abs(exact - wanted) <= near)


def _verdict(test: str, text: str, findings: Sequence[Finding]) -> Check:
    found = {item.passes for item in _all(findings) if item.test == test}
    words = " and ".join(sorted(_WORDS[x] for x in found)) or "no test of that name"
    return Check(test, text, words, found == {_VERDICTS[text]} if text in _VERDICTS else False)


def _all(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with those they rest on."""
    return [deeper for item in findings for deeper in (item, *_all(item.inner))]
