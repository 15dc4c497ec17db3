"""Reading a declaration file: typed, complete, and with every problem at once.

Keys of a file, all optional but ``question`` and ``entries``:

- ``source``, ``reforms`` (names, or files beside this one), ``known`` (a day, or ``at entry``);
- ``leave_out`` or ``only``: programmes that are not counted, or that alone are;
- ``exchange``: customs rates by date, for money that is not in dollars;
- ``entries``: name, importer, on, at, copies, importer_of_record, lines, and for all of these exporter, origin,
  origin_marking and shipped; each line with a name, the facts of `sim.law.LineFacts` (``hts`` for the code), quantity,
  ``unit_value`` or ``value``, further money of the law by its names (as money, or as a share of the value), ``elect``,
  ``costs`` of elections, ``inputs`` (goods of earlier lines), ``antidumping`` and ``countervailing`` deposits,
  ``model``, ``admitted`` (to a zone);
- ``quotas``, ``accounts: {offset}``, ``consolidate``, ``drawback``, ``refund``, ``audit``, ``price``,
  ``border_adjustment``, ``break_even``: see the module that reads each;
- ``expect``: figures that should come out, by their names in the answer's ``values``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.duty.border_adjustment import BorderAdjustment, read_adjustment
from sim.duty.break_even import BreakEven, read_break_even
from sim.duty.declaration import Entry
from sim.duty.drawback import Drawback, read_drawback
from sim.duty.exchange import Exchange, read_exchange
from sim.duty.later import Refund, read_refund
from sim.duty.law_names import check_law_names
from sim.duty.lines import read_entries
from sim.duty.offset import Account, read_account
from sim.duty.penalty import Audit, read_audit
from sim.duty.price import Joint, Price, read_joint, read_price
from sim.duty.quota import Quota, read_quota
from sim.errors import Problem, SimError
from sim.law import list_reforms, load_law
from sim.locate import is_file
from sim.reading import Node, hint, in_file_order
from sim.yaml_text import read_yaml

AT_ENTRY = "at entry"
DOLLAR = "USD"  # the law's own amounts are in dollars: bounds of fees, costs of elections


class DeclarationError(SimError):
    """A declaration cannot be understood."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """Everything a declaration file says.

    Parameters
    ----------
    reforms : tuple of str
        Names of shipped reforms, or paths of own ones (resolved beside the file).
    known : date, optional
        Law published by this day only.
    known_at_entry : bool
        Law published by the day of each entry only: what the importer could know.
    left_out, only : tuple of str
        Programmes, or beginnings of their paths, that are not counted, or that alone are.
    expect : mapping of str to str
        Figures that the file says should come out, by their flat names.
    """

    question: str
    source: str
    reforms: tuple[str, ...]
    known: dt.date | None
    known_at_entry: bool
    exchange: Exchange
    left_out: tuple[str, ...]
    only: tuple[str, ...]
    entries: tuple[Entry, ...]
    quotas: tuple[Quota, ...]
    accounts: tuple[Account, ...]
    audit: Audit | None
    drawback: tuple[Drawback, ...]
    refund: Refund | None
    adjustments: tuple[BorderAdjustment, ...]
    break_even: BreakEven | None
    prices: tuple[Price, ...]
    joints: tuple[Joint, ...]
    expect: Mapping[str, str]

    @property
    def currency(self) -> str:
        """Currency in which everything is counted."""
        return self.exchange.currency


_KEYS = (
    "question",
    "source",
    "reforms",
    "known",
    "exchange",
    "leave_out",
    "only",
    "entries",
    "quotas",
    "accounts",
    "audit",
    "drawback",
    "refund",
    "border_adjustment",
    "break_even",
    "price",
    "consolidate",
    "expect",
)


def read_declaration(path: Path) -> Declaration:
    """Read a declaration file.

    Raises
    ------
    DeclarationError
        With every problem, each with its line.
    """
    document, problems = read_yaml(path)
    if document is None:
        raise DeclarationError(str(path), problems)
    found = _read(Node(document.value, (), document, problems), path.parent)
    if problems:
        raise DeclarationError(str(path), _once(problems))
    return found


def _once(problems: list[Problem]) -> list[Problem]:
    return in_file_order(dict.fromkeys(problems))


def _read(node: Node, folder: Path) -> Declaration:
    top = node.fields(_KEYS, ("question",))
    if "entries" not in top and "border_adjustment" not in top:
        node.fault("the key 'entries' is missing.")
    exchange = read_exchange(top.get("exchange"), DOLLAR)
    entries = read_entries(top["entries"], exchange) if "entries" in top else ()
    paths = [entry.path(line) for entry in entries for line in entry.lines]
    _check_inputs(entries, top.get("entries"))
    models = sorted({line.model for entry in entries for line in entry.lines if line.model})
    names = [entry.name for entry in entries]
    accounts = top["accounts"].fields(("offset",), ("offset",)) if "accounts" in top else {}

    def items(key: str) -> list[Node]:
        return top[key].items() if key in top else []

    at_entry = "known" in top and top["known"].value == AT_ENTRY
    before = len(node.problems)
    reforms = tuple(_reform(x, folder) for x in items("reforms"))
    if len(node.problems) == before:
        check_law_names(top, load_law(reforms))
    return Declaration(
        " ".join(top["question"].text().split()) if "question" in top else "",
        " ".join(top["source"].text().split()) if "source" in top else "",
        reforms,
        top["known"].date() if "known" in top and not at_entry else None,
        at_entry,
        exchange,
        top["leave_out"].texts() if "leave_out" in top else (),
        top["only"].texts() if "only" in top else (),
        entries,
        tuple(read_quota(x, exchange) for x in items("quotas")),
        tuple(read_account(x, exchange) for x in accounts["offset"].items()) if "offset" in accounts else (),
        read_audit(top["audit"], paths, models) if "audit" in top else None,
        tuple(read_drawback(x, paths, exchange) for x in items("drawback")),
        read_refund(top["refund"]) if "refund" in top else None,
        tuple(read_adjustment(x, exchange) for x in items("border_adjustment")),
        read_break_even(top["break_even"], entries, exchange) if "break_even" in top else None,
        tuple(read_price(x, names, exchange) for x in items("price")),
        tuple(read_joint(x, entries) for x in items("consolidate")),
        {key: child.text() for key, child in top["expect"].entries().items()} if "expect" in top else {},
    )


def _reform(node: Node, folder: Path) -> str:
    name = node.text()
    if name.endswith((".yaml", ".yml")):
        own = folder / name
        if not is_file(own):
            node.fault(f"the reform file '{name}' is not beside this file.")
        return str(own)
    if name not in list_reforms():
        node.fault(f"no reform named '{name}'. {hint(name, list_reforms(), 'reforms')}")
    return name


def _check_inputs(entries: tuple[Entry, ...], node: Node | None) -> None:
    """Goods are built from goods of lines that stand earlier in the file."""
    seen: list[str] = []
    for entry in entries:
        for line in entry.lines:
            for item in line.inputs:
                if item.line not in seen and node is not None:
                    here = entry.path(line)
                    found = hint(item.line, seen, "earlier lines")
                    node.fault(f"{here}: no earlier line named '{item.line}'. {found}")
        seen += [entry.path(line) for line in entry.lines]
