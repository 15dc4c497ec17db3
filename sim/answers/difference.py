"""The difference a reform makes, in words and in tables: in the law, and for which goods and parties."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sim.answers.countries import country_name
from sim.answers.lists import told_of
from sim.answers.moved import CENT, Move, Standing, goods_between, owner_of, without
from sim.errors import LawError
from sim.law import Difference, Law, load_law
from sim.network import load_network
from sim.network.model import Network
from sim.scenario.model import LAW_BEGINS
from sim.text import columns_of, count, width, wrap

SHOWN = 25  # rows of the table of goods, unless all are asked for
SHORTEST = 14  # characters that a good's name keeps, however narrow the terminal
NAMES = 12  # makers named in words
_DEEP = "      "


def law_difference(
    law: Law, reforms: tuple[str, ...], on: dt.date | None, network_name: str, show_all: bool = False
) -> tuple[dict[str, Any], str]:
    """What reforms change, laid in order over a law: in the law, and for the goods of a network on a day.

    Parameters
    ----------
    law : Law
        What they are compared with.
    on : date, optional
        Day on which goods are compared; by default the first on which every change has begun.
    network_name : str
        Network whose goods are looked at: a name or a folder.

    Raises
    ------
    LawError, NetworkError
        A reform or the network cannot be read.
    """
    changed = load_law((*law.reforms, *reforms))
    rows = law.difference(changed)
    network = load_network(network_name)
    day = on or max((row.begins for row in rows), default=LAW_BEGINS)
    moves, left_out = _moves(network, law, changed, day) if rows else ((), {})
    told = [told_of(name) for name in reforms]
    answer = {
        "reforms": told,
        "over": list(law.reforms),
        "on": day.isoformat() if rows else None,
        "network": network.name,
        "law": [_law_json(row, law, changed) for row in rows],
        "goods": [_move_json(move) for move in moves if move.is_moved],
        "left_out": left_out,
        "goods_at_borders": len(moves),
        "goods_moved": sum(move.is_moved for move in moves),
        "parties": _parties(network, moves),
        "provisions": _provisions(moves),
    }
    return answer, _text(answer, rows, moves, network, show_all)


def _moves(network: Network, before: Law, after: Law, on: dt.date) -> tuple[tuple[Move, ...], dict[str, str]]:
    """Goods under both laws, without the programmes of which either lacks a value for the day, each with its lack."""
    left_out: dict[str, str] = {}
    while True:
        try:
            return goods_between(network, before, after, on), left_out
        except LawError as error:
            owner = owner_of(after, error.source)
            if not owner or after.by_path[owner].kind == "valuation":
                raise
            left_out[owner] = f"{error.source} {error.problems[0].message}"
            before, after = without(before, owner), without(after, owner)


def _law_json(row: Difference, law: Law, changed: Law) -> dict[str, Any]:
    return {
        "path": row.path,
        "title": _title(row, law, changed),
        "what": row.what,
        "from": row.begins.isoformat(),
        "before": row.before,
        "after": row.after,
        "source": row.source,
    }


def _title(row: Difference, law: Law, changed: Law) -> str:
    for asked in (law, changed):
        if row.path in asked.paths():
            return asked.history(row.path).title
    return ""


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "good": move.name,
        "part": move.part,
        "hts": move.hts_code,
        "exporter": move.exporter,
        "importer": move.importer,
        "makers": list(move.makers),
        "lanes": move.lanes,
        "before": _standing_json(move.before),
        "after": _standing_json(move.after),
        "change_usd_per_unit": round(move.rise_usd, 4),
    }


def _standing_json(standing: Standing) -> dict[str, Any]:
    return {
        "content_pct": round(standing.content_pct, 4),
        "threshold_pct": standing.threshold_pct,
        "claimed": [name or None for name in standing.claimed],
        "verdicts": list(standing.verdicts),
        "reasons": list(standing.reasons),
        "duties_and_fees_usd_per_unit": round(standing.owed_usd, 4),
        "provisions": [
            dict(zip(("programme", "heading", "reference"), row, strict=True)) for row in standing.provisions
        ],
    }


def _parties(network: Network, moves: Iterable[Move]) -> dict[str, Any]:
    moved = [move for move in moves if move.is_moved]
    makers = Counter(maker for move in moved for maker in move.makers)
    return {
        "makers": [
            {"site": site, "country": network.sites[site].country, "goods": goods}
            for site, goods in sorted(makers.items(), key=lambda item: (-item[1], item[0]))
        ],
        "importers": dict(sorted(Counter(move.importer for move in moved).items())),
        "exporters": dict(sorted(Counter(move.exporter for move in moved).items())),
    }


def _provisions(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """Provisions that charge more goods, or fewer, than before."""
    gains: Counter[tuple[str, str, str]] = Counter()
    losses: Counter[tuple[str, str, str]] = Counter()
    for move in moves:
        old, new = set(move.before.provisions), set(move.after.provisions)
        gains.update(new - old)
        losses.update(old - new)
    keys = ("programme", "heading", "reference")
    return [
        {**dict(zip(keys, row, strict=True)), "goods_more": gains[row], "goods_fewer": losses[row]}
        for row in sorted(set(gains) | set(losses))
    ]


def _text(
    answer: dict[str, Any], rows: Sequence[Difference], moves: Sequence[Move], network: Network, show_all: bool
) -> str:
    lines: list[str] = []
    for reform in answer["reforms"]:
        lines += wrap(f"{reform['name']}: {reform['title']}" if reform["title"] else reform["name"])
        lines += wrap(reform["description"], "  ") if reform["description"] else []
    over = f", laid over {', '.join(answer['over'])}" if answer["over"] else ""
    lines += ["", f"In the law{over}: {count(len(rows), 'change')}"]
    for row in answer["law"]:
        title = f" ({row['title']})" if row["title"] and row["what"] != "relation" else ""
        lines += wrap(f"from {row['from']}  {row['path']}{title}", "  ", _DEEP)
        lines += wrap(f"{row['before']} becomes {row['after']}", _DEEP, _DEEP)
        lines += wrap(row["source"], _DEEP, _DEEP)
    if not rows:
        return "\n".join([*lines, "  It says nothing that the law did not say before, so no good is moved."])
    lines += ["", *_goods_text(answer, moves, network, show_all)]
    return "\n".join(lines)


def _goods_text(answer: dict[str, Any], moves: Sequence[Move], network: Network, show_all: bool) -> list[str]:
    moved = [move for move in moves if move.is_moved]
    asked = f"For the goods of network {network.name} on {answer['on']}, as firms would plan"
    share = f"{len(moved)} of {count(len(moves), 'good')} {'is' if len(moved) == 1 else 'are'} moved"
    lines = wrap(f"{asked}: {share}. A good counts once for each border at which it is entered.")
    lines += [line for lack in answer["left_out"].values() for line in wrap(f"Left out of the count: {lack}")]
    if not moved:
        return [*lines, *wrap("What the reform changes does not bear on them on this day.")]
    lines += wrap(_claim_words(moved))
    lines += wrap(_owed_words(moved))
    lines += wrap(_party_words(answer["parties"]))
    shown = moved if show_all else moved[:SHOWN]
    lines += ["", *_table(shown)]
    if len(shown) < len(moved):
        lines.append(f"and {len(moved) - len(shown)} more: add --all, or --format json.")
    key = (
        "border: from where into where; content and what is asked of it, in percent; owed: duties and fees, USD a unit."
    )
    lines += ["", *wrap(key), *_why(moved)]
    return [*lines, "", *_provision_lines(answer["provisions"])]


def _claim_words(moved: Sequence[Move]) -> str:
    """How many goods stop or begin to be claimed, or must meet another threshold."""
    stops = [move for move in moved if "" in move.after.claimed and "" not in move.before.claimed]
    begins = [move for move in moved if "" not in move.after.claimed and "" in move.before.claimed]
    asked = [move for move in moved if move.before.threshold_pct != move.after.threshold_pct]
    parts = []
    if asked:
        parts.append(f"{count(len(asked), 'good')} must meet another threshold")
    if stops:
        why = Counter(verdict for move in stops for verdict in move.after.verdicts if verdict != "claims")
        reasons = ", ".join(f"{word} {number}" if len(why) > 1 else word for word, number in why.most_common())
        parts.append(f"{count(len(stops), 'good')} no longer claimed ({reasons})")
    if begins:
        parts.append(f"{count(len(begins), 'good')} newly claimed")
    text = "; ".join(parts) or "No claim of preference changes"
    return f"{text}."


def _owed_words(moved: Sequence[Move]) -> str:
    more = [move for move in moved if move.rise_usd >= CENT]
    less = [move for move in moved if move.rise_usd <= -CENT]
    if not more and not less:
        return "What is owed at the border changes for none of them."
    parts = [
        f"{count(len(x), 'good')} owe{'s' if len(x) == 1 else ''} {word}"
        for x, word in ((more, "more"), (less, "less"))
        if x
    ]
    largest = max(moved, key=lambda move: abs(move.rise_usd))
    place = f"{largest.name} from {country_name(largest.exporter)} into {country_name(largest.importer)}"
    return f"{' and '.join(parts)}; the largest change is {largest.rise_usd:+,.2f} USD a unit, for {place}."


def _party_words(parties: dict[str, Any]) -> str:
    makers = [f"{row['site']} ({row['country']})" for row in parties["makers"]]
    named = ", ".join(makers[:NAMES]) + (f" and {len(makers) - NAMES} more" if len(makers) > NAMES else "")
    into = ", ".join(f"{code} {number}" for code, number in parties["importers"].items())
    return f"Parties: {count(len(makers), 'maker')}: {named}. Goods moved into {into}."


def _table(moves: Sequence[Move]) -> list[str]:
    """Goods in columns; names are shortened so that a row keeps within the terminal."""
    head = ["HTS", "border", "content", "asked", "claimed", "owed"]
    rows = [
        [
            move.hts_code,
            f"{move.exporter}-{move.importer}",
            _pair(f"{move.before.content_pct:.1f}", f"{move.after.content_pct:.1f}"),
            _pair(_asked(move.before), _asked(move.after)),
            _pair(_claimed(move.before), _claimed(move.after)),
            _pair(f"{move.before.owed_usd:,.2f}", f"{move.after.owed_usd:,.2f}"),
        ]
        for move in moves
    ]
    taken = sum(2 + max(len(row[column]) for row in [head, *rows]) for column in range(len(head)))
    room = max(SHORTEST, width() - taken)
    names = [move.name if len(move.name) <= room else f"{move.name[: room - 1].rstrip()}…" for move in moves]
    return columns_of([["good", *head], *([name, *row] for name, row in zip(names, rows, strict=True))])


def _why(moved: Sequence[Move]) -> list[str]:
    """Why goods that were claimed no longer are, or the other way about."""
    turned = [move for move in moved if move.before.claimed != move.after.claimed]
    said: dict[str, list[str]] = {}
    for move in turned:
        reasons = [*move.after.verdicts, *move.after.reasons]
        said.setdefault("; ".join(reasons), []).append(f"{move.name} {move.exporter}-{move.importer}")
    lines = [""] if said else []
    for reason, goods in list(said.items())[:NAMES]:
        named = ", ".join(goods[:3]) + (f" and {len(goods) - 3} more" if len(goods) > 3 else "")
        lines += wrap(f"{named}: {reason}.", "", "  ")
    return lines


def _pair(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _asked(standing: Standing) -> str:
    return f"{standing.threshold_pct:g}" if standing.threshold_pct else "-"


def _claimed(standing: Standing) -> str:
    if len(standing.claimed) > 1:
        return "some"
    return standing.claimed[0] or "no"


def _provision_lines(provisions: Sequence[dict[str, Any]]) -> list[str]:
    if not provisions:
        return []
    lines = ["Provisions that charge other goods than before"]
    for row in provisions:
        parts = [
            f"{row['goods_more']} more" if row["goods_more"] else "",
            f"{row['goods_fewer']} fewer" if row["goods_fewer"] else "",
        ]
        words = ", ".join(filter(None, parts))
        lines += wrap(f"{row['programme']} [{row['heading']}]: {words} ({row['reference']})", "  ", _DEEP)
    return lines
