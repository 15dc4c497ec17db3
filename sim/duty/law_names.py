"""Names of the law in a declaration: programmes and values that do not exist are problems of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.errors import nearest
from sim.law import Law
from sim.reading import Node


def check_law_names(top: dict[str, Node], law: Law) -> None:
    """Refuse names of programmes and values that the law does not have.

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
    importers = {x.importer for x in law.by_path.values()}
    for section in ("entries", "quotas"):
        for node in _children(top.get(section), "importer"):
            country = node.value if isinstance(node.value, str) else ""
            if len(country) == 2 and country.isupper() and country not in importers:
                node.fault(f"no law of the importer '{country}'. {nearest(country, importers, 'importers')}")


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
