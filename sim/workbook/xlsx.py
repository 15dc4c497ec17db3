"""Spreadsheets as sheets of text cells: XLSX files by their published form, or folders of CSV files."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from sim.errors import DataError, Problem
from sim.locate import is_file

MOST_BYTES = 200_000_000  # of one part of a file when unpacked, and of a CSV file
MOST_CELLS = 5_000_000  # of all sheets, empty ones before others of their row counted
# https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 1_048_576, 16_384, 32_767  # of a sheet; letters of a cell
_DEEPEST, _MOST_INSIDE, _MOST = 40, 8 * MOST_COLUMNS, 12_000_000  # elements in one another; in a row; in a part
Sheet = list[list[str]]  # rows at their places, empty ones between them too; but the head comes first

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# What the libraries for ZIP files and XML raise where one is damaged, encrypted or of another kind.
_UNREADABLE = (
    OSError,
    EOFError,
    RuntimeError,
    KeyError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same sheets always give the same bytes
_SAVE = "Save the file again in a spreadsheet program."
_TOO_MANY = f"has more than {MOST_CELLS:,} cells, those of sheets before it counted. Leave out what is empty."
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class _CellError(Exception):
    """A cell cannot be read."""


def read_sheets(path: Path) -> dict[str, Sheet]:
    """All sheets of a file or folder by name, rows of text cells; none after the last with any text.

    Raises
    ------
    DataError
        It is neither an XLSX file nor a folder of CSV files, or has more than a spreadsheet can.

    References
    ----------
    ECMA-376, Office Open XML, part 1, section 18: SpreadsheetML.
    """
    if path.is_dir():
        return {file.stem: from_csv(file) for file in sorted(path.glob("*.csv"))}
    if path.exists() and not is_file(path):
        raise DataError(str(path), ["is neither a file nor a folder."])
    try:
        with zipfile.ZipFile(path) as book:
            return dict(_from_book(book, path))
    except _UNREADABLE as error:
        words = "it is damaged" if isinstance(error, zlib.error) else getattr(error, "strerror", None) or error
        problem = f"is neither an .xlsx file nor a folder of .csv files ({words})."
        raise DataError(str(path), [problem]) from error


def write_sheets(path: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write sheets as an XLSX file, or as a folder of CSV files where the path does not end in ``.xlsx``.

    Cells that are written as plain numbers become numbers; text stays text, tariff codes such as ``8708.30`` too.
    """
    if path.suffix.lower() != ".xlsx":
        path.mkdir(parents=True, exist_ok=True)
        for name, rows in sheets.items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            (path / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8", newline="\n")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in _parts(sheets).items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, content)


def from_csv(path: Path) -> Sheet:
    """The cells of a CSV file.

    Raises
    ------
    DataError
        It cannot be read, or is no CSV file in UTF-8.
    """
    try:
        if path.exists() and not is_file(path):
            raise DataError(str(path), ["is no file."])
        if path.stat().st_size > MOST_BYTES:
            raise DataError(str(path), [f"is larger than {MOST_BYTES // 1_000_000} MB."])
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _trimmed(list(csv.reader(stream)))
    except UnicodeDecodeError as error:
        raise DataError(str(path), ["is not UTF-8 text. Save it as 'CSV UTF-8'."]) from error
    except csv.Error as error:
        raise DataError(str(path), [f"is not valid CSV ({error}). Save it again as 'CSV UTF-8'."]) from error
    except OSError as error:
        raise DataError(str(path), [f"cannot be read ({error.strerror or error})."]) from error


def _trimmed(rows: Sheet) -> Sheet:
    """The rows up to the last with any text, the first with any in front of empty ones before it."""
    full = [number for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not full:
        return []
    first, last = full[0], full[-1]
    return [rows[first], *rows[:first], *rows[first + 1 : last + 1]]


def _from_book(book: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, Sheet]]:
    strings = _strings(book, path)
    links = f"{{{_RELATIONS}}}Relationship"
    targets = {x["Id"]: x["Target"] for x in _attributes(book, "xl/_rels/workbook.xml.rels", links, path)}
    cells = 0
    for sheet in _attributes(book, "xl/workbook.xml", f"{_MAIN}sheet", path):
        target = targets[sheet[_LINK]]
        name = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        title = sheet["name"].strip()
        try:
            with closing(_elements(book, name, f"{_MAIN}row", path)) as found:
                rows = _rows(found, strings, MOST_CELLS - cells)
        except _CellError as error:
            raise DataError(str(path), [Problem(f"sheet {title}", str(error))]) from error
        cells += max(sum(map(len, rows)), 1)
        yield title.lower(), rows


def _attributes(book: zipfile.ZipFile, name: str, tag: str, path: Path) -> list[dict[str, str]]:
    try:
        with closing(_elements(book, name, tag, path)) as found:
            return [dict(x.attrib) for x in found]
    except _CellError as error:
        raise DataError(str(path), [f"{name} {error}"]) from error


def _elements(book: zipfile.ZipFile, name: str, tag: str, path: Path) -> Generator[ElementTree.Element, None, None]:
    """Each element of a tag in a part, one after another; nothing else of the part is kept in memory."""
    if book.getinfo(name).file_size > MOST_BYTES:
        raise DataError(str(path), [f"{name} is larger than {MOST_BYTES // 1_000_000} MB when unpacked."])
    above: list[ElementTree.Element] = []
    place = inside = total = 0  # depth of the element that is being read, how many others are in it, and in all
    with book.open(name) as stream:
        for event, element in ElementTree.iterparse(stream, ("start", "end")):
            if event == "start":
                above.append(element)
                inside, total = inside + 1, total + 1
                if place == 0 and element.tag == tag:
                    place, inside = len(above), 0
                if len(above) > _DEEPEST or total > _MOST or (place and inside > _MOST_INSIDE):
                    raise _CellError(f"holds more than a spreadsheet does. {_SAVE}")
                continue
            if len(above) == place:
                yield element
                place = 0
            above.pop()
            if place == 0 and above:
                above[-1].clear()


def _strings(book: zipfile.ZipFile, path: Path) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in book.namelist():
        return []
    try:
        with closing(_elements(book, name, f"{_MAIN}si", path)) as found:
            return [_joined(item) for item in found]
    except _CellError as error:
        raise DataError(str(path), [f"{name} {error}"]) from error


def _rows(rows: Iterable[ElementTree.Element], strings: Sequence[str], most: int) -> Sheet:
    """The cells of a sheet as a table, of `most` cells at most."""
    found: Sheet = []
    cells_found = 0
    for row in rows:
        number = row.attrib.get("r", "")
        if number.isdecimal() and len(found) < int(number) <= MOST_ROWS:
            found += [[] for _ in range(int(number) - 1 - len(found))]
        cells: list[str] = []
        place = -1
        for cell in row.iter(f"{_MAIN}c"):
            place = _column(cell.attrib["r"]) if "r" in cell.attrib else place + 1
            text = _text(cell, strings)
            if text:
                cells += [""] * (place - len(cells))
                cells.append(text)
        cells_found += len(cells)
        found.append(cells)
        if len(found) > MOST_ROWS:
            raise _CellError(f"has more than {MOST_ROWS:,} rows. {_SAVE}")
        if cells_found > most:
            raise _CellError(_TOO_MANY)
    found = _trimmed(found)
    width = max((len(row) for row in found), default=0)
    if width * sum(1 for row in found if row) > most:
        raise _CellError(_TOO_MANY)
    return [row + [""] * (width - len(row)) if any(text.strip() for text in row) else [] for row in found]


def _joined(element: ElementTree.Element) -> str:
    text = "".join(t.text or "" for t in element.iter(f"{_MAIN}t"))
    if len(text) > MOST_LETTERS:
        raise _CellError(f"holds a text of {len(text):,} letters. Write {MOST_LETTERS:,} at most.")
    return text


def _column(reference: str) -> int:
    """Place of a cell such as ``AB12``, from 0."""
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference.upper()):
        number = number * 26 + ord(letter) - ord("A") + 1
    if number > MOST_COLUMNS:
        raise _CellError(f"cell {reference} is beyond the last column that a sheet has. {_SAVE}")
    return number - 1


def _text(cell: ElementTree.Element, strings: Sequence[str]) -> str:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return _joined(cell)
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        if not (value.isdecimal() and int(value) < len(strings)):
            raise _CellError(f"cell {cell.attrib.get('r', '')} names a text that the file does not hold. {_SAVE}")
        return strings[int(value)]
    if kind == "b":
        return "yes" if value == "1" else "no"
    if kind == "n" and value:
        try:
            number = float(value)  # a spreadsheet stores 0.1 as 0.10000000000000001
        except ValueError:
            raise _CellError(f"cell {cell.attrib.get('r', '')} holds '{value}' as a number. {_SAVE}") from None
        return f"{number:.15g}" if abs(number) < 1e15 else value
    return value


def _parts(sheets: Mapping[str, Sheet]) -> dict[str, str]:
    names = list(sheets)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main, overrides = _MAIN.strip("{}"), []
    parts = {}
    for number, name in enumerate(names, start=1):
        overrides.append(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_CONTENT}.worksheet+xml"/>'
        )
        rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in sheets[name])
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return {
        "[Content_Types].xml": f'{head}<Types xmlns="{types}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>{"".join(overrides)}</Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{_RELATIONS}">{links}</Relationships>',
        **parts,
    }


def _cell(text: str) -> str:
    if _NUMBER.fullmatch(text) and f"{float(text):.15g}" == text:
        return f"<c><v>{text}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else "<c/>"
