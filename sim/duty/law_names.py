"""What the law has to say of a declaration while it is read: names that it does not have, and days it cannot answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.errors import nearest
from sim.law import Law
from sim.law.checks import span_of
from sim.law.special import provision_problem
from sim.reading import Node
from sim.units import parse_day

_SPECIAL = "chapter_98"


def check_law_names(top: dict[str, Node], law: Law) -> None:
    """Refuse programmes, values, agreements and special provisions that the law does not have, and days beyond it.

    Parameters
    ----------
    top : dict of str to Node
        Sections of the file.
    law : Law
        With the reforms of the file.
    """
    groups = {path.rsplit("/", n)[0] for path in law.by_path for n in range(path.count("/") + 1)}
    for node in _programmes(top):
        _check(node, groups)
    tables = {table.path for x in law.by_path.values() for table in x.tables.values()}
    values = {*law.paths(), *tables}
    for node in _values(top):
        text = node.value if isinstance(node.value, str) else ""
        known = text in values or text.rpartition("/")[0] in tables
        if "/" in text and "%" not in text and not known:
            node.fault(f"no value of the law named '{text}'. {nearest(text, values, 'values')}")
    for node in _paths(top):
        if isinstance(node.value, str) and "/" not in node.value:
            node.fault(f"'{node.value}' is not the path of a law value: programme and name, parted by '/'.")
    importers = {x.importer for x in law.by_path.values()}
    for section in ("entries", "quotas"):
        for node in _children(top.get(section), "importer"):
            country = node.value if isinstance(node.value, str) else ""
            if country and country not in importers:
                node.fault(f"no law of the importer '{country}'. {nearest(country, importers, 'importers')}")

    _check_days(top, law)
    for node in _agreements(top):
        text = node.value if isinstance(node.value, str) else ""
        if text not in ("", "none", "yes", "no", "any", *law.agreements):
            node.fault(f"no agreement named '{text}'. {nearest(text, law.agreements, 'agreements')}")
    for importer, node in _provisions(top):
        text = node.value if isinstance(node.value, str) else ""
        mine = [x for x in law.by_path.values() if x.importer == importer]
        problem = provision_problem(mine, importer, text) if mine and text not in ("yes", "no", "any") else ""
        if problem:
            node.fault(problem)


def _check_days(top: dict[str, Node], law: Law) -> None:
    span = span_of(law)
    nodes = [*_children(top.get("entries"), "on"), *_children(top.get("border_adjustment"), "on")]
    nodes += [node for line in _children(top.get("entries"), "lines") for node in _children(line, "admitted")]
    nodes += [*_children(top.get("refund"), "known"), *([top["known"]] if "known" in top else [])]
    for node in nodes:
        try:
            problem = span.problem(parse_day(str(node.value)))
        except ValueError:  # told where the date is read
            continue
        if problem:
            node.fault(problem)


def _check(node: Node, groups: Iterable[str]) -> None:
    text = node.value if isinstance(node.value, str) else ""
    if text and text not in groups:
        node.fault(f"no programme of the law named '{text}'. {nearest(text, groups, 'programmes')}")


def _children(node: Node | None, key: str) -> Iterator[Node]:
    """The items under a key of a mapping, or under that key of each mapping of a list."""
    if node is None:
        return
    if isinstance(node.value, list):
        for number, value in enumerate(node.value):
            yield from _children(node.child(number, value), key)
    elif isinstance(node.value, dict) and key in node.value:
        found = node.child(key, node.value[key])
        yield from found.items() if isinstance(found.value, list) else (found,)


def _keys(node: Node) -> Iterator[Node]:
    """The keys of a mapping, as texts at the place of their values."""
    if isinstance(node.value, dict):
        for key in node.value:
            yield Node(key, (*node.location, key), node.document, node.problems)


def _programmes(top: dict[str, Node]) -> Iterator[Node]:
    for name in ("leave_out", "only"):
        if name in top:
            node = top[name]
            yield from node.items() if isinstance(node.value, list) else (node,)
    for account in _children(top.get("accounts"), "offset"):
        yield from _children(account, "against")
    for ruling in _children(top.get("refund"), "rulings"):
        yield from _children(ruling, "of")
    for counts in _children(top.get("drawback"), "counts"):
        yield from _keys(counts)


def _agreements(top: dict[str, Node]) -> Iterator[Node]:
    for line in _children(top.get("entries"), "lines"):
        yield from _children(line, "agreement")
        for chosen in _children(line, "elect"):
            yield from _children(chosen, "claim")
            yield from _children(chosen, "agreement")
    for finding in _children(top.get("audit"), "findings"):
        for facts in _children(finding, "facts"):
            yield from _children(facts, "agreement")


def _provisions(top: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    """Special provisions that lines and quotas write, each with the importing country."""
    for section, parts in (("entries", ("lines",)), ("quotas", ("match", "inside", "outside"))):
        for item in _each(top.get(section)):
            importer = next((str(node.value) for node in _children(item, "importer")), "")
            for found in (node for key in parts for node in _children(item, key)):
                yield from ((importer, node) for node in _children(found, _SPECIAL))
                for chosen in _children(found, "elect"):
                    yield from ((importer, node) for node in _children(chosen, _SPECIAL))


def _each(node: Node | None) -> list[Node]:
    return node.items() if node is not None and isinstance(node.value, list) else []


def _paths(top: dict[str, Node]) -> Iterator[Node]:
    """Places where only the path of a law value may stand."""
    for account in _children(top.get("accounts"), "offset"):
        yield from _children(account, "rate")
    yield from _children(top.get("quotas"), "from_law")


def _values(top: dict[str, Node]) -> Iterator[Node]:
    for account in _children(top.get("accounts"), "offset"):
        yield from _children(account, "rate")
    yield from _children(top.get("quotas"), "from_law")
    for name in ("probability", "interest"):
        yield from _children(top.get("refund"), name)
        for ruling in _children(top.get("refund"), "rulings"):
            yield from _children(ruling, name)
    for name in ("rate", "exchange_offset"):
        yield from _children(top.get("border_adjustment"), name)
    vary = [node.value for node in _children(top.get("break_even"), "vary")]
    if vary == ["rate"]:
        yield from _children(top.get("break_even"), "of")
