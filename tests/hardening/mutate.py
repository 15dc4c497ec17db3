"""Inputs made wrong: text, trees of YAML, tables, spreadsheets and bytes, each change drawn from a `Random`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import yaml

WORDS = (
    "", "~", "null", "0", "-0", "-1", "1", "0.1", "-0.5", "1e400", "-1e400", "1e-400", "nan", "NaN %", "inf", "-inf %",
    "9" * 40, "9" * 400, "9" * 5000, "0x10", "1_000", "1,000", "1 000", "٣", "½", "²", "1.", ".5", "+1", "--1", "1/0",
    "0 %", "100 %", "101 %", "1000000 %", "1e5 %", "99999999999999999999 %", "-5 %", "5%", "% 5", "0.00001 %", "%",
    "USD 1", "USD -1", "USD 0", "USD 1e9", "USD 99999999999999999999999", "EUR 5", "XXX 5", "MXN 3.005", "$5", "usd 5",
    "1 h", "0 h", "-1 h", "1 s", "0.5 s", "1e9 weeks", "99999999999 weeks", "9999999 d", "10 parsecs", "0 weeks",
    "1 week",
    "2017-08-16", "2017-02-29", "2017-13-01", "0001-01-01", "0000-00-00", "9999-12-31", "10000-01-01", "1994-01-01",
    "1993-12-31", "2017-08-16T25:00", "2017-08-16T12:00", "2017-08-16T12:00Z", "2017-08-16T12:00+99:00",
    "9999-12-31T23:00",
    "0001-01-01T00:00", "today", "12:30", "yes", "no", "true", "Yes", "ON", "off", "all", "none", "total", "US", "CA",
    "MX", "CN", "ZZ", "us", "United States", "US:CA", "8708", "8708.30", "87083", "8708.30.5020.11", "00", "99.99",
    "..", ".", "/", "../..", "/etc/passwd", "../../etc/passwd", "a/b", "a\\b", "CON", "nul", "con.yaml", "~root",
    "_base.yaml", "_base", "./_base.yaml", "mutant.yaml", "mutant", "file:///etc/passwd", "a\0b", "a\nb", "\t", " ",
    "{}", "[]", "[[[[]]]]", "{a: {b: {c: d}}}", "[1, 2, 3]", "*a", "&a b", "!!python/object/apply:os.system [id]",
    "!!binary aGk=", "!!set {a, b}", "!x y", "<<", "? a", "- - -", "|", ">", "'", '"', "#", "%TAG ! x", "---",
    "...", "@", "`",
    "{{ 7*7 }}", "<script>alert(1)</script>", "'; DROP TABLE rows; --", "${HOME}", "%s%s%n", "=1+1", "\\ud800",
    '"\\ud800"',
    '"\\x1b[31mred"', '"\\0"', '"\\N"', '"\\u202e"', "\u202eltr", "\ufeff", "\u00a0", "e\u0301", "ﬁ", "🚗", "ß",
    "İ", "\U0010ffff",
    "x" * 300, "x" * 70_000, "cost_per_vehicle_usd", "plant/lansing/crossover_ice", "crossing/laredo_wtb", "midsize",
    "seat_control", "borders", "border_tax_35", "nafta_as_it_stood", "usmca", "nafta", "region/US", "__class__",
    "__init__",
)  # fmt: skip
CELLS = (*(word for word in WORDS if len(word) < 6000), '"', '""', "a,b", "a;b", "a\r\nb")
NUMBERS = ("0", "-1", "1", "0.5", "100", "100.0001", "1e3", "1e400", "nan", "inf", "9" * 20, "-0", "1" * 4999)
DAYS = ("0001-01-01", "9999-12-31", "2017-02-30", "1994-01-01", "1993-12-31", "2026-10-01", "2099-01-01")
_TOKEN = re.compile(r"[^\s,:{}\[\]]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


def mutated(draw: Random, text: str, others: tuple[str, ...] = ()) -> bytes:
    """A YAML text changed once to a few times, as a tree or as text, seldom as bytes."""
    if draw.random() < 0.5:
        text = _tree_mutated(draw, text, others)
    for _ in range(draw.choice((0, 1, 1, 2, 3))):
        text = draw.choice(_TEXT)(draw, text)
    raw = text.encode("utf-8", "surrogatepass")
    return draw.choice(_BYTES)(draw, raw) if draw.random() < 0.08 else raw


def _tree_mutated(draw: Random, text: str, others: tuple[str, ...]) -> str:
    try:
        tree = yaml.load(text, Loader=yaml.CBaseLoader)  # every scalar stays text
    except yaml.YAMLError:
        return text
    for _ in range(draw.choice((1, 1, 1, 2, 2, 4))):
        places = list(_places(tree))
        if not places:
            break
        holder, key = draw.choice(places)
        if draw.random() < 0.5:  # what is deep is seldom drawn otherwise
            deep = [x for x in places if not isinstance(x[0][x[1]], dict | list)]
            holder, key = draw.choice(deep or places)
        _TREE[draw.randrange(len(_TREE))](draw, holder, key, places, others)
    return yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(tree, dict | list):
        for key, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
            yield tree, key
            yield from _places(value)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _delete(draw: Random, holder: Any, key: Any, places: Any, others: Any) -> None:
    del holder[key]


def _replace(draw: Random, holder: Any, key: Any, places: Any, others: Any) -> None:
    holder[key] = draw.choice(WORDS)


def _reshape(draw: Random, holder: Any, key: Any, places: Any, others: Any) -> None:
    value = _copied(holder[key])
    holder[key] = draw.choice(([], {}, None, [value], {"a": value}, [value, value], [None], {"": value}, [[value]]))


def _unwrap(draw: Random, holder: Any, key: Any, places: Any, others: Any) -> None:
    value = holder[key]
    if isinstance(value, dict) and value:
        holder[key] = draw.choice(list(value.values()))
    elif isinstance(value, list) and value:
        holder[key] = draw.choice((value[0], value[::-1], value[:1], value * 2))


def _swap(draw: Random, holder: Any, key: Any, places: Any, others: Any) -> None:
    other, at = draw.choice(places)
    holder[key], other[at] = _copied(other[at]), _copied(holder[key])


def _rename(draw: Random, holder: Any, key: Any, places: Any, others: Any) -> None:
    if isinstance(holder, dict):
        named = draw.choice((key + "s", key[:-1], key[::-1], draw.choice(WORDS), str(draw.choice(places)[1])))
        holder[named] = holder.pop(key)


def _graft(draw: Random, holder: Any, key: Any, places: Any, others: tuple[str, ...]) -> None:
    try:
        grown = list(_places(yaml.load(draw.choice(others), Loader=yaml.CBaseLoader))) if others else []
    except yaml.YAMLError:
        return
    if grown:
        other, at = draw.choice(grown)
        value = _copied(other[at])
        if isinstance(holder, dict) and isinstance(at, str):
            holder[at] = value
        else:
            holder[key] = value


def _number(draw: Random, holder: Any, key: Any, places: Any, others: Any) -> None:
    if isinstance(holder[key], str):
        holder[key] = _renumbered(draw, holder[key])


_TREE = (_delete, _replace, _replace, _reshape, _unwrap, _swap, _rename, _graft, _number, _number)


def _renumbered(draw: Random, text: str) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    at = draw.choice(found)
    number = draw.choice(
        ("0", "-1", "1", "0.5", "100", "100.0001", "1e3", "1e400", "nan", "inf", "9" * 20, "-0", "1" * 4999)
    )
    return text[: at.start()] + number + text[at.end() :]


def _lines(change: Callable[[Random, list[str]], None]) -> Callable[[Random, str], str]:
    def changed(draw: Random, text: str) -> str:
        lines = text.split("\n")
        change(draw, lines)
        return "\n".join(lines)

    return changed


def _drop_line(draw: Random, lines: list[str]) -> None:
    del lines[draw.randrange(len(lines))]


def _double_line(draw: Random, lines: list[str]) -> None:
    lines.insert(draw.randrange(len(lines)), draw.choice(lines))


def _swap_lines(draw: Random, lines: list[str]) -> None:
    a, b = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]


def _indent(draw: Random, lines: list[str]) -> None:
    at = draw.randrange(len(lines))
    lines[at] = draw.choice(("  ", " ", "\t", "- ")) + lines[at] if draw.random() < 0.5 else lines[at].lstrip()


def _token(draw: Random, text: str) -> str:
    found = list(_TOKEN.finditer(text))
    if not found:
        return text
    at = draw.choice(found)
    word = draw.choice(found)[0] if draw.random() < 0.3 else draw.choice(WORDS)
    return text[: at.start()] + word + text[at.end() :]


def _date(draw: Random, text: str) -> str:
    found = list(_DATE.finditer(text))
    if not found:
        return text
    at = draw.choice(found)
    day = draw.choice(
        ("0001-01-01", "9999-12-31", "2017-02-30", "1994-01-01", "1993-12-31", "2026-10-01", "2099-01-01")
    )
    return text[: at.start()] + day + text[at.end() :]


def _inserted(draw: Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice((*WORDS, "\n", ": ", "- ", "{", "}", "[", "]", ",", "\x07", "\x1b")) + text[at:]


def _cut(draw: Random, text: str) -> str:
    a = draw.randrange(len(text) + 1)
    return text[:a] if draw.random() < 0.3 else text[:a] + text[a + draw.randrange(40) :]


def _anchored(draw: Random, text: str) -> str:
    return draw.choice(
        (
            "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n" + text,
            text + "\n<<: {seed: 3}\n",
            text + "\nextra: " + "[" * 2000 + "]" * 2000 + "\n",
            text + "\nextra: " + "{a: " * 300 + "}" * 300 + "\n",
            text + "\n--- \n" + text,
            "%YAML 9.9\n---\n" + text,
            "? [a, b]\n: c\n" + text,
            "? {a: b}\n: c\n" + text,
        )
    )


_TEXT = (
    _lines(_drop_line), _lines(_double_line), _lines(_swap_lines), _lines(_indent), _token, _token, _renumbered, _date,
    _inserted, _cut, _anchored,
)  # fmt: skip


def _flip(draw: Random, raw: bytes) -> bytes:
    at = draw.randrange(len(raw) + 1)
    return raw[:at] + bytes([draw.randrange(256)]) + raw[at + 1 :]


_BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flip,
    _flip,
    lambda draw, raw: raw.replace(b"\n", b"\r\n"),
    lambda draw, raw: raw.replace(b"\n", b"\r"),
    lambda draw, raw: b"\xef\xbb\xbf" + raw,
    lambda draw, raw: raw.decode("utf-8", "replace").encode("utf-16"),
    lambda draw, raw: raw + b"\xff\xfe",
    lambda draw, raw: raw + b"\0" * 10,
    lambda draw, raw: b"",
    lambda draw, raw: raw[: draw.randrange(len(raw) + 1)],
    lambda draw, raw: bytes(draw.randrange(256) for _ in range(draw.randrange(200))),
)


def byte_mutated(draw: Random, raw: bytes) -> bytes:
    """Bytes flipped, cut, doubled or replaced."""
    for _ in range(draw.choice((1, 1, 2, 8))):
        raw = draw.choice(_BYTES)(draw, raw)
    return raw


def table_mutated(draw: Random, rows: list[list[str]]) -> list[list[str]]:
    """A table with cells, rows or columns changed."""
    rows = [list(row) for row in rows]
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        if not rows or not rows[0]:
            return rows
        at = draw.randrange(len(rows))
        row = rows[at]
        column = draw.randrange(max(1, len(row)))
        kind = draw.randrange(12)
        if kind < 5 and column < len(row):
            row[column] = draw.choice(CELLS)
        elif kind == 5 and column < len(row):
            other = draw.choice(rows)
            row[column] = other[column] if column < len(other) else ""
        elif kind == 6 and column < len(row):
            row[column] = _renumbered(draw, row[column])
        elif kind == 7:
            del rows[at]
        elif kind == 8:
            rows.insert(draw.randrange(len(rows) + 1), list(row))
        elif kind == 9:
            for each in rows:
                del each[column : column + 1]
        elif kind == 10:
            del rows[draw.randrange(len(rows)) + 1 :]
        else:
            row.insert(column, draw.choice(CELLS))
    return rows


def zip_mutated(draw: Random, raw: bytes) -> bytes:
    """A ZIP file whose members are changed as text, left out, doubled or renamed; or its bytes."""
    if draw.random() < 0.3:
        return byte_mutated(draw, raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for _ in range(draw.choice((1, 1, 2))):
        if not parts:
            break
        name = draw.choice(sorted(parts))
        kind = draw.randrange(8)
        if kind == 0:
            del parts[name]
        elif kind == 1:
            parts[draw.choice(("../x", "/x", "a\\b", name + "x", "x" * 300))] = parts.pop(name)
        elif kind == 2:
            parts[name] = byte_mutated(draw, parts[name])
        else:
            text = parts[name].decode("utf-8", "replace")
            tag = draw.choice(list(re.finditer(r"<[^>]*>|[^<>]+", text)) or [None])
            if tag is not None:
                new = draw.choice(
                    ("", tag[0] * 2, draw.choice(WORDS), re.sub(r'="[^"]*"', '="-1"', tag[0]), "<v>1e999</v>")
                )
                text = text[: tag.start()] + new + text[tag.end() :]
            parts[name] = text.encode("utf-8", "surrogatepass")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return stream.getvalue()
