"""What is no file, or no honest one: pipes, devices, links in a circle, folders, archives and books that swell."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from sim.workbook.xlsx import _parts
from tests.hardening.kinds import told

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links and named pipes")

LAFFER = "is no file. `sim laffer --example` prints one to begin with."
LOOP = "Too many levels of symbolic links"
NO_STUDY = "no finished study here (manifest.json is missing). Run it first."
NO_ARCHIVE = "is no file. Name an archive that `sim archive` made."
NO_NETWORK = "no network or folder named '{0}'. Allowed networks: borders, midsize, north_america, seat_control."
# Command, and what it says of: a pipe, a device, a link to itself, a folder.
COMMANDS = {
    "origin {0}": ("there is no such file.",) * 4,
    "duty {0}": ("there is no such file.",) * 4,
    "validate --targets {0}": ("there is no such file.",) * 4,
    "laffer --rule 75 --weights {0}": (LAFFER, LAFFER, f"cannot be read ({LOOP}).", LAFFER),
    "network import {0} mine": (
        "is neither a file nor a folder.",
        "is neither a file nor a folder.",
        f"is neither an .xlsx file nor a folder of .csv files ({LOOP}).",
        None,
    ),
    "reproduce {0}": (NO_ARCHIVE, NO_ARCHIVE, f"cannot be read as an archive ({LOOP}).", NO_ARCHIVE),
    "archive {0}": (NO_STUDY,) * 4,
    "report {0}": (NO_STUDY,) * 4,
    "cite {0}": (NO_STUDY,) * 4,
    "explain {0} --vehicle x": (NO_STUDY,) * 4,
    "run {0}": (None, None, None, "holds no scenario or study (a file *.yaml whose name does not begin with _)."),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("device").symlink_to("/dev/zero")
    Path("loop").symlink_to("loop")
    Path("place").mkdir()
    return tmp_path


@pytest.mark.parametrize("place", range(4), ids=("pipe", "device", "loop", "place"))
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_file_is_refused_at_once(command: str, place: int, folder: Path) -> None:
    """A pipe would wait for ever and a device never end: whoever opens one of them hangs here."""
    name, words = ("pipe", "device", "loop", "place")[place], COMMANDS[command][place]
    answer = told(command.format(name).split())
    assert answer.code == 1
    if words is not None:
        assert answer.text == f"{name}: {words.format(name)}\n"


@pytest.mark.parametrize("name", ["pipe", "device", "loop"])
def test_what_is_no_file_names_neither_a_network_nor_a_scenario(name: str, folder: Path) -> None:
    answer = told(["network", "check", name])
    assert (answer.code, answer.text) == (1, f"network {name}: {NO_NETWORK.format(name)}\n")
    answer = told(["run", name])
    assert answer.code == 1
    assert answer.text.startswith(f"{name}: no such file, and no shipped scenario of this name. ")


@pytest.mark.parametrize("kind", ["pipe", "device", "loop"])
def test_sheets_and_tables_that_are_no_files(kind: str, folder: Path) -> None:
    Path("book").mkdir()
    Path("mine").mkdir()
    for path in (Path("book/sites.csv"), Path("mine/sites.csv")):
        os.mkfifo(path) if kind == "pipe" else path.symlink_to(path.name if kind == "loop" else "/dev/zero")
    answer = told(["network", "import", "book", "made"])
    words = f"cannot be read ({LOOP})." if kind == "loop" else "is no file."
    assert (answer.code, answer.text) == (1, f"book/sites.csv: {words}\n")
    answer = told(["network", "check", "mine"])
    assert answer.code == 1
    assert f"  sites.csv: {words}\n" in answer.text


def test_a_manifest_that_is_a_pipe(folder: Path) -> None:
    os.mkfifo("place/manifest.json")
    for command in ("archive", "report", "cite"):
        assert told([command, "place"]).text == f"place: {NO_STUDY}\n"


def test_a_folder_of_scenarios_leaves_out_what_is_no_file(folder: Path) -> None:
    os.mkfifo("place/a.yaml")
    Path("place/b.yaml").symlink_to("b.yaml")
    answer = told(["run", "place"])
    words = "holds no scenario or study (a file *.yaml whose name does not begin with _)."
    assert (answer.code, answer.text) == (1, f"place: {words}\n")


def archive(entries: dict[str, bytes]) -> str:
    with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    answer = told(["reproduce", "a.zip"])
    assert (answer.code, answer.out) == (1, "")
    return answer.err


def test_an_archive_that_swells(folder: Path) -> None:
    """200 MB of nothing in 200 kB: refused before a byte of it is written."""
    text = archive({"study/results.parquet": bytes(200_000_000)})
    assert text == "a.zip: holds 200,000,000 bytes, more than 100 times its own size.\n"


def test_an_archive_larger_than_the_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 999}))
    text = archive({"a": bytes(1000)})
    assert text == "a.zip: needs 1,000 bytes to be unpacked, and 999 are free. Make room, or set TMPDIR.\n"


SUM = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # of the letter a

ENTRIES = {
    "a way out": ({"../x": b""}, "a.zip: '../x' would be written outside its folder.\n"),
    "a place of its own": ({"/tmp/x": b""}, "a.zip: '/tmp/x' would be written outside its folder.\n"),
    "no checksums": ({"x": b"a"}, "a.zip: has no SHA256SUMS: it was not made by `sim archive`.\n"),
    "a file beside the checksums": (
        {"x": b"a", "y": b"a", "SHA256SUMS": f"{SUM}  x\n".encode()},
        "a.zip: y has no checksum.\n",
    ),
    "checksums of files elsewhere": (
        {"x": b"a", "SHA256SUMS": f"{SUM}  x\n{SUM}  ../../../dev/zero\n".encode()},
        "a.zip: ../../../dev/zero is missing.\n",
    ),
    "checksums that are no text": (
        {"x": b"a", "SHA256SUMS": b"\xff\xfe"},
        "a.zip: x has no checksum.\n",
    ),
    "another content": ({"x": b"b", "SHA256SUMS": f"{SUM}  x\n".encode()}, "a.zip: x is not what its checksum says.\n"),
    "no study": (
        {"x": b"a", "SHA256SUMS": f"{SUM}  x\n".encode()},
        "a.zip: holds no study of format {format}, which this version reads.\n",
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_archive_is_what_its_checksums_say(name: str, folder: Path) -> None:
    from sim.study.store import FORMAT

    entries, text = ENTRIES[name]
    before = set(folder.iterdir())
    assert archive(entries) == text.replace("{format}", str(FORMAT))
    assert set(folder.iterdir()) - before == {folder / "a.zip"}


def book(rows: Iterable[str], shared: str = "", sheet: str = "worksheets/sheet1.xml") -> str:
    """What is said of a book whose sheet of sites has these rows."""
    with zipfile.ZipFile("b.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _parts({"sites": []}).items():
            if not name.endswith("sheet1.xml"):
                packed.writestr(name, content.replace("worksheets/sheet1.xml", sheet))
                continue
            with packed.open(name, "w") as part:
                head, tail = content.split("<sheetData>")
                for text in (head, "<sheetData>", *rows, tail):
                    part.write(text.encode())
        if shared:
            packed.writestr("xl/sharedStrings.xml", shared)
    answer = told(["network", "import", "b.xlsx", "mine"])
    assert (answer.code, answer.out) == (1, "")
    assert not Path("mine").exists()
    return answer.err


MORE = "holds more than a spreadsheet does. Save the file again in a spreadsheet program."
CELLS = "has more than 5,000,000 cells, those of sheets before it counted. Leave out what is empty."
FULL = '<row><c r="XFD1"><v>1</v></c></row>'  # 16,383 empty cells before its last
LONG = '<row><c t="inlineStr"><is><t>%s</t></is></c></row>'
STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
LETTERS = "holds a text of 10,000,000 letters. Write 32,767 at most."


def test_sheets_that_swell_are_refused_before_memory_is_full(folder: Path) -> None:
    """Each of some kilobytes; the first two would take tens of gigabytes as a table."""
    assert book([FULL] * 1000) == f"b.xlsx: sheet sites: {CELLS}\n"
    assert book([FULL, *(["<row><c><v>1</v></c></row>"] * 400)]) == f"b.xlsx: sheet sites: {CELLS}\n"
    assert book(["<row>", "<c/>" * 200_000, "</row>"]) == f"b.xlsx: sheet sites: {MORE}\n"
    assert book(["<a>" * 100, "</a>" * 100]) == f"b.xlsx: sheet sites: {MORE}\n"
    assert book([LONG % ("x" * 10_000_000)]) == f"b.xlsx: sheet sites: {LETTERS}\n"
    text = STRINGS % f"<si><t>{'x' * 10_000_000}</t></si>"
    assert book([], text) == f"b.xlsx: xl/sharedStrings.xml {LETTERS}\n"


def test_a_part_that_is_too_large(folder: Path) -> None:
    text = book(" " * 1_000_000 for _ in range(201))
    assert text == "b.xlsx: xl/worksheets/sheet1.xml is larger than 200 MB when unpacked.\n"


def test_cells_that_are_empty_beyond_the_last_do_not_count(folder: Path) -> None:
    text = book(['<row><c r="XFD1"/></row>'] * 1000)
    assert "  sites: has no rows. Add a sheet 'sites' with the columns id, country, lat_deg, lon_deg.\n" in text


def test_entities_of_a_sheet_are_not_written_out(folder: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    shared = f'<!DOCTYPE sst [<!ENTITY a0 "ha">{laughs}]>' + STRINGS % "<si><t>&a9;</t></si>"
    refused = "b.xlsx: is neither an .xlsx file nor a folder of .csv files (limit on input amplification "
    assert book([], shared).startswith(refused)


@pytest.mark.parametrize("way", ["../../../../etc/passwd", "/../etc/passwd", "worksheets/none.xml"])
def test_a_sheet_is_looked_for_in_its_book_alone(way: str, folder: Path) -> None:
    name = way.removeprefix("/") if way.startswith("/") else f"xl/{way}"
    words = f"There is no item named '{name}' in the archive"
    text = f'b.xlsx: is neither an .xlsx file nor a folder of .csv files ("{words}").\n'
    assert book([], sheet=way) == text
