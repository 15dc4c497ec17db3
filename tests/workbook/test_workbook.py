"""One spreadsheet becomes a network and back: nothing lost, all that was assumed told, every problem at once."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import DataError, NetworkError
from sim.network import list_networks, load_network, network_folder
from sim.replication import prepare, run_once
from sim.scenario import Scenario
from sim.units import DAY
from sim.workbook import export_network, import_network
from sim.workbook.xlsx import Sheet, read_sheets, write_sheets

SHORT: dict[str, Sheet] = {
    "sites": [
        ["id", "country", "lat_deg", "lon_deg", "wage_usd_h"],
        ["plant/ohio", "US", "40.0", "-83.0", "31"],
        ["supplier/saltillo", "MX", "25.4", "-101.0", ""],
        ["supplier/nagoya", "JP", "35.2", "136.9", ""],
        ["supplier/windsor", "CA", "42.3", "-83.0", ""],
        ["market/us", "US", "39.0", "-90.0", ""],
        ["market/canada", "CA", "43.6", "-79.4", ""],
    ],
    "parts": [
        ["id", "hts_code", "cost_usd"],
        ["car", "8703.23", "20000"],
        ["engine", "8407.34", "3000"],
        ["harness", "8544.30", "600"],
        ["sensor", "9031.80", "50"],
    ],
    "bill": [
        ["part", "input", "quantity_per"],
        ["car", "engine", "1"],
        ["car", "harness", "2"],
        ["engine", "sensor", "4"],
    ],
    "lanes": [
        ["from_site", "to_site", "part", "share_pct"],
        ["supplier/windsor", "plant/ohio", "engine", ""],
        ["supplier/saltillo", "plant/ohio", "harness", "60"],
        ["supplier/windsor", "plant/ohio", "harness", ""],
        ["supplier/nagoya", "supplier/windsor", "sensor", ""],
        ["plant/ohio", "market/us", "car", "80"],
        ["plant/ohio", "market/canada", "car", ""],
    ],
    "vehicles": [["site", "part", "vehicles_per_day"], ["plant/ohio", "car", "200"]],
}


@pytest.mark.parametrize("name", ["seat_control", "midsize"])
@pytest.mark.parametrize("suffix", [".xlsx", ""])
def test_a_network_comes_back_as_it_was(name: str, suffix: str, tmp_path: Path) -> None:
    assert name in list_networks()
    book = tmp_path / f"book{suffix}"
    rows = export_network(name, book)
    assert rows > 500
    found = import_network(book, tmp_path / name)
    assert (found.form, found.assumed) == ("full", ())
    assert load_network(tmp_path / name).digest == load_network(name).digest


def test_what_is_exported_is_the_network_that_was_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the name of a shipped network lies here: the name means the shipped one, `./NAME` the folder."""
    write_sheets(tmp_path / "mine.xlsx", SHORT)
    import_network(tmp_path / "mine.xlsx", tmp_path / "midsize")
    monkeypatch.chdir(tmp_path)
    for name, source in (("midsize", network_folder("midsize")), ("./midsize", tmp_path / "midsize")):
        export_network(name, tmp_path / "book")
        import_network(tmp_path / "book", tmp_path / "again", force=True)
        assert load_network(tmp_path / "again").digest == load_network(source).digest
        shutil.rmtree(tmp_path / "book")
    assert network_folder("midsize") != tmp_path / "midsize"


def test_five_short_sheets_are_enough(tmp_path: Path) -> None:
    write_sheets(tmp_path / "mine.xlsx", SHORT)
    found = import_network(tmp_path / "mine.xlsx", tmp_path / "mine")
    assert found.form == "short"
    network = load_network(tmp_path / "mine")
    shares = {lane.id: lane.share_pct for lane in network.lanes.values()}
    assert shares["supplier/windsor/harness..plant/ohio/car"] == 40.0
    assert shares["plant/ohio/car..market/canada"] == 20.0
    car, engine = network.recipes["plant/ohio/car"], network.recipes["supplier/windsor/engine"]
    assert car.labour_usd == pytest.approx((20_000 - 3_000 - 2 * 600) / 4)
    assert engine.material_usd == pytest.approx((3_000 - 4 * 50) / 2)
    assert network.sites["plant/ohio"].wage_usd_h == 31.0
    nearest = load_network("midsize").sites
    assert network.sites["supplier/saltillo"].wage_usd_h in {
        s.wage_usd_h for s in nearest.values() if s.country == "MX"
    }
    assert network.lanes["supplier/nagoya/sensor..supplier/windsor/engine"].mode == "ocean"
    assert network.parts["sensor"].tier == 2
    crossed = {step.crossing for ways in network.routes.values() for way in ways for step in way.steps if step.crossing}
    assert {"ambassador_bridge/us", "laredo_wtb/us", "port_vancouver/ca"} <= crossed
    told = dict(found.assumed)
    assert told["list price: 1.4 times the cost"] == ("plant/ohio/car",)
    wages = told["wage usd h of a site: as of the nearest one of the default network"]
    assert "plant/ohio" not in wages
    assert "supplier/saltillo" in wages
    assert "list price: 1.4 times the cost (plant/ohio/car)" in (tmp_path / "mine" / "SOURCES.md").read_text()


def test_the_network_can_be_run(tmp_path: Path) -> None:
    write_sheets(tmp_path / "mine", SHORT)  # a folder of CSV sheets
    import_network(tmp_path / "mine", tmp_path / "network")
    scenario = Scenario(
        name="mine", path=None, question="?", source="", network=str(tmp_path / "network"),
        law_as_of=dt.date(2017, 10, 30), reforms=(), firms="claim_or_pay", warm_up_s=84 * DAY,
        start=dt.date(2017, 10, 30), run_s=14 * DAY,
    )  # fmt: skip
    rows = {(r.measure, r.vehicle, r.item): r.value for r in run_once(prepare(scenario), 0, is_baseline=True).rows}
    assert rows["vehicles_built", "all", ""] == pytest.approx(10 * 200, rel=0.02)
    assert rows["cost_per_vehicle_usd", "all", "total"] > 20_000


def changed(**sheets: Sheet | None) -> dict[str, Sheet]:
    found: dict[str, Sheet] = {**SHORT, **{name: rows for name, rows in sheets.items() if rows is not None}}
    return {name: rows for name, rows in found.items() if sheets.get(name, rows) is not None}


def test_every_problem_of_the_sheets_is_told(tmp_path: Path) -> None:
    sites = [["id", "county", "lat_deg", "lon_deg"], ["plant/ohio", "US", "400", "-83"], ["Ohio", "US", "40", "-83"]]
    write_sheets(tmp_path / "b.xlsx", changed(sites=sites, vehicles=None, lane=[["x"], ["y"]]))
    with pytest.raises(NetworkError) as caught:
        import_network(tmp_path / "b.xlsx", tmp_path / "n")
    assert str(caught.value) == (
        f"{tmp_path / 'b.xlsx'}: 6 problems\n"
        "  lane: is not a sheet of a network. Did you mean 'lanes'?\n"
        "  sites row 1: unknown column 'county'. Did you mean 'country'?\n"
        "  sites row 1: column 'country' is missing. Add it.\n"
        "  sites row 2, column lat_deg: '400' is too large. Write a number from -90 to 90.\n"
        "  sites row 3, column id: 'Ohio' has the wrong form. Write it like 'supplier/saltillo'.\n"
        "  vehicles: has no rows. Add a sheet 'vehicles' with the columns site, part, vehicles_per_day."
    )
    assert not (tmp_path / "n").exists()


SENSOR_SOLD = [["sensor" if x == "car" and "market/canada" in row else x for x in row] for row in SHORT["lanes"]]
WRONG = {
    "an input without a part": (
        {"bill": [*SHORT["bill"], ["car", "harnes", "1"]]},
        "bill row 5, column input: 'harnes' is in no sheet. Did you mean 'harness'?",
    ),
    "lanes left out": (
        {"lanes": [row for row in SHORT["lanes"] if not {"engine", "market/us", "market/canada"} & set(row)]},
        "3 problems\n"
        "  lanes row 4: nothing made at 'supplier/windsor' uses 'sensor'. "
        "Add its use to the sheet 'bill', or the maker's own lane.\n"
        "  lanes: 'plant/ohio/car' uses 'engine', which no lane brings to 'plant/ohio'. Add the lane.\n"
        "  vehicles row 2: no lane brings this vehicle to a market. Add one or more.",
    ),
    "a part sold at a market": (
        {"lanes": SENSOR_SOLD},
        "lanes row 7, column part: 'plant/ohio/sensor' goes to a market, and only vehicles do. "
        "Did you mean 'plant/ohio/car'?",
    ),
    "a line break of Windows inside a name": (
        {"vehicles": [SHORT["vehicles"][0], ["a\r\nb", "car", "200"]]},
        "vehicles row 2, column site: 'a\\r\\nb' has the wrong form. Write it like 'plant/lansing'.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_names_that_do_not_fit_together_are_told(name: str, tmp_path: Path) -> None:
    sheets, problems = WRONG[name]
    write_sheets(tmp_path / "wrong", changed(**sheets))
    with pytest.raises(NetworkError) as caught:
        import_network(tmp_path / "wrong", tmp_path / "n")
    assert str(caught.value) == f"{tmp_path / 'wrong'}: {problems}"
    assert not (tmp_path / "n").exists()


def test_inputs_that_cost_more_than_the_part_are_refused(tmp_path: Path) -> None:
    parts = [row if row[0] != "engine" else ["engine", "8407.34", "150"] for row in SHORT["parts"]]
    write_sheets(tmp_path / "b", changed(parts=parts))
    with pytest.raises(NetworkError) as caught:
        import_network(tmp_path / "b", tmp_path / "n")
    assert str(caught.value) == (
        f"{tmp_path / 'b'}: parts row 3: costs 150 USD, but its inputs cost 200. Raise cost_usd."
    )


def test_what_is_written_twice_is_told(tmp_path: Path) -> None:
    twice = {name: [*SHORT[name], [], SHORT[name][1]] for name in ("sites", "bill", "lanes", "vehicles")}
    parts = [[*row, row[0] if number else "id"] for number, row in enumerate(SHORT["parts"])]
    write_sheets(tmp_path / "b.xlsx", changed(**twice, parts=[*parts, parts[2]]))
    with pytest.raises(NetworkError) as caught:
        import_network(tmp_path / "b.xlsx", tmp_path / "n")
    assert str(caught.value) == (
        f"{tmp_path / 'b.xlsx'}: 6 problems\n"
        "  sites row 9: 'plant/ohio' is written twice; first in row 2. Keep one.\n"
        "  parts row 1: column 'id' stands twice. Keep one.\n"
        "  parts row 6: 'engine' is written twice; first in row 3. Keep one.\n"
        "  bill row 6: 'car' 'engine' is written twice; first in row 2. Keep one.\n"
        "  lanes row 9: 'supplier/windsor' 'plant/ohio' 'engine' is written twice; first in row 2. Keep one.\n"
        "  vehicles row 4: 'plant/ohio' 'car' is written twice; first in row 2. Keep one."
    )


@pytest.mark.parametrize("suffix", [".xlsx", ""])
def test_rows_are_counted_as_the_sheet_shows_them(suffix: str, tmp_path: Path) -> None:
    """Empty rows before the head and between the others; the same of a book with all sheets."""
    sites = [[], ["id", "country", "lat_deg", "lon_deg"], ["", ""], *SHORT["sites"][1:4], [], ["Ohio", "US", "1", "2"]]
    write_sheets(tmp_path / f"b{suffix}", changed(sites=[row[:4] for row in sites]))
    with pytest.raises(NetworkError) as caught:
        import_network(tmp_path / f"b{suffix}", tmp_path / "n")
    assert str(caught.value) == (
        f"{tmp_path / f'b{suffix}'}: sites row 8, column id: 'Ohio' has the wrong form. "
        "Write it like 'supplier/saltillo'."
    )
    export_network("seat_control", tmp_path / "full")
    full = read_sheets(tmp_path / "full")
    head, first, *rows = full["sites"]
    wrong = [name if column != "country" else "Ohio" for column, name in zip(head, first, strict=True)]
    write_sheets(tmp_path / f"f{suffix}", {**full, "sites": [[], head, [], *rows, [], wrong]})
    with pytest.raises(NetworkError) as caught:
        import_network(tmp_path / f"f{suffix}", tmp_path / "n")
    problem = caught.value.problems[0]
    assert str(problem) == (
        f"sites row {len(rows) + 5}, column country: 'Ohio' has the wrong form. Write it like 'US'."
    )


def test_tariff_codes_that_were_kept_as_numbers_are_whole_again(tmp_path: Path) -> None:
    parts = [[*row[:1], "8544.3" if row[0] == "harness" else row[1], *row[2:]] for row in SHORT["parts"]]
    write_sheets(tmp_path / "mine.xlsx", changed(parts=parts))
    found = import_network(tmp_path / "mine.xlsx", tmp_path / "mine")
    assert load_network(tmp_path / "mine").parts["harness"].hts_code == "8544.30"
    told = "tariff codes with one place after the point, as a number loses a last zero: with the zero"
    assert dict(found.assumed)[told] == ("parts row 4",)
    export_network("seat_control", tmp_path / "full")
    full = read_sheets(tmp_path / "full")
    place = full["parts"][0].index("hts_code")
    rows = [[*row[:place], row[place].removesuffix("0"), *row[place + 1 :]] for row in full["parts"][1:]]
    cut = [number for number, row in enumerate(rows, start=2) if len(row[place]) == 6]
    write_sheets(tmp_path / "f.xlsx", {**full, "parts": [full["parts"][0], *rows]})
    found = import_network(tmp_path / "f.xlsx", tmp_path / "again")
    assert (found.form, found.assumed) == ("full", ((told, tuple(f"parts row {n}" for n in cut)),))
    assert load_network(tmp_path / "again").digest == load_network("seat_control").digest


def test_labour_and_overhead_are_no_more_than_what_a_maker_adds(tmp_path: Path) -> None:
    parts: Sheet = [
        ["id", "hts_code", "cost_usd", "labour_pct", "overhead_pct"],
        ["car", "8703.23", "20000", "60", "40.5"],
        ["engine", "8407.34", "3000", "80", ""],
        ["harness", "8544.30", "600", "", "80"],
        ["sensor", "9031.80", "50", "60", "40"],
    ]
    write_sheets(tmp_path / "b", changed(parts=parts))
    with pytest.raises(NetworkError) as caught:
        import_network(tmp_path / "b", tmp_path / "n")
    more = "are more than all a maker adds. Write 100 together at most."
    assert str(caught.value) == (
        f"{tmp_path / 'b'}: 3 problems\n"
        f"  parts row 2: labour_pct 60 and overhead_pct 40.5 {more}\n"
        f"  parts row 4: labour_pct 25 (assumed) and overhead_pct 80 {more}\n"
        f"  parts row 3: labour_pct 80 and overhead_pct 25 (assumed) {more}"
    )
    parts[1][3:], parts[2][3], parts[3][4] = ["", ""], "70", "70"
    write_sheets(tmp_path / "b", changed(parts=parts))
    found = import_network(tmp_path / "b", tmp_path / "n")
    told = dict(found.assumed)
    assert told["labour and overhead: 25 % each of what a maker adds, the rest material"] == ("plant/ohio/car",)
    assert told["overhead: 25 % of what a maker adds"] == ("supplier/windsor/engine",)
    assert told["labour: 25 % of what a maker adds"] == ("supplier/saltillo/harness", "supplier/windsor/harness")
    network = load_network(tmp_path / "n")
    assert network.recipes["supplier/nagoya/sensor"].material_usd == 0.0
    assert network.recipes["supplier/windsor/engine"].overhead_usd == pytest.approx(2_800 / 4)


def test_sheets_that_are_no_text_are_refused(tmp_path: Path) -> None:
    write_sheets(tmp_path / "b", SHORT)
    sites = tmp_path / "b" / "sites.csv"
    whole = sites.read_bytes()
    for content, problem in (
        (whole.replace(b"ohio", b"qu\xe9bec"), "is not UTF-8 text. Save it as 'CSV UTF-8'."),
        (
            whole + b"x" * 200_000,
            "is not valid CSV (field larger than field limit (131072)). Save it again as 'CSV UTF-8'.",
        ),
    ):
        sites.write_bytes(content)
        with pytest.raises(DataError) as caught:
            import_network(tmp_path / "b", tmp_path / "n")
        assert str(caught.value) == f"{sites}: {problem}"


def test_damaged_books_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    write_sheets(path, SHORT)
    content = bytearray(path.read_bytes())
    content[600:640] = b"\xff" * 40
    (tmp_path / "c.xlsx").write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_sheets(tmp_path / "c.xlsx")
    problem = "is neither an .xlsx file nor a folder of .csv files (it is damaged)."
    assert caught.value.problems[0].message == problem
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    again = "Save the file again in a spreadsheet program."
    for cell, problem in (
        ('<c r="B2" t="s"><v>7</v></c>', f"cell B2 names a text that the file does not hold. {again}"),
        ('<c r="B2" t="s"><v>-1</v></c>', f"cell B2 names a text that the file does not hold. {again}"),
        ('<c r="B2"><v>4o</v></c>', f"cell B2 holds '4o' as a number. {again}"),
        ('<c r="AAAA2"><v>4</v></c>', f"cell AAAA2 is beyond the last column that a sheet has. {again}"),
    ):
        sheet = parts["xl/worksheets/sheet1.xml"].replace("<row>", f"<row>{cell}", 1)
        with zipfile.ZipFile(path, "w") as book:
            for name, text in {**parts, "xl/worksheets/sheet1.xml": sheet}.items():
                book.writestr(name, text)
        with pytest.raises(DataError) as caught:
            read_sheets(path)
        assert str(caught.value) == f"{path}: sheet sites: {problem}"


def test_places_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    write_sheets(tmp_path / "mine", SHORT)
    (tmp_path / "file").write_text("kept")
    for folder, problem in (
        (tmp_path / "file", "is a file. Name a folder that is new or empty."),
        (tmp_path / "file" / "n", "cannot be written (File exists)."),
    ):
        with pytest.raises(NetworkError) as refused:
            import_network(tmp_path / "mine", folder, force=True)
        assert str(refused.value) == f"{folder}: {problem}"
    import_network(tmp_path / "mine", tmp_path / "n")
    (tmp_path / "n" / "thesis.txt").write_text("kept")
    with pytest.raises(NetworkError) as refused:
        import_network(tmp_path / "mine", tmp_path / "n", force=True)
    assert str(refused.value) == (
        f"{tmp_path / 'n'}: holds 'thesis.txt', which is no file of a network; --force would lose it. "
        "Name another folder."
    )
    for book, problem in (
        (tmp_path / "b.ods", ".ods files are not written. Name an .xlsx file, or a folder without such an ending."),
        (tmp_path / "file", "cannot be written (File exists). Name another."),
    ):
        with pytest.raises(DataError) as caught:
            export_network("seat_control", book)
        assert str(caught.value) == f"{book}: {problem}"
    assert not (tmp_path / "b.ods").exists()
    assert (tmp_path / "file").read_text() == (tmp_path / "n" / "thesis.txt").read_text() == "kept"


def test_what_is_no_spreadsheet_and_what_is_not_empty_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"no spreadsheet")
    with pytest.raises(DataError, match=r"is neither an .xlsx file nor a folder of .csv files"):
        import_network(tmp_path / "b.xlsx", tmp_path / "n")
    write_sheets(tmp_path / "mine", SHORT)
    with pytest.raises(NetworkError, match="is not empty"):
        import_network(tmp_path / "mine", tmp_path / "mine", force=True)


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=8), min_size=2, max_size=4)))
def test_cells_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, rows: Sheet) -> None:
    path = tmp_path_factory.mktemp("x") / "b.xlsx"
    write_sheets(path, {"a": rows})
    full = [number for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    width = max((n + 1 for number in full for n, cell in enumerate(rows[number]) if cell), default=0)  # none beyond
    places = [full[0], *range(full[0]), *range(full[0] + 1, full[-1] + 1)] if full else []
    assert read_sheets(path) == {
        "a": [rows[n][:width] + [""] * (width - len(rows[n])) if n in full else [] for n in places]
    }


def test_a_book_as_spreadsheet_programs_write_it(tmp_path: Path) -> None:
    """Shared strings in runs, cells with gaps, numbers with binary noise, a flag, a formula's stored value."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    sheet = (
        f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="C1" t="s"><v>1</v></c></row><row r="3"><c r="B3"><v>0.10000000000000001</v></c>'
        '<c r="C3" t="b"><v>1</v></c><c r="D3" t="str"><f>A1</f><v>x</v></c>'
        "</row></sheetData></worksheet>"
    )
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Sites " sheetId="1" r:id="rId7"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{links}"><Relationship Id="rId7" Type="t" '
        'Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><r><t>on</t></r><r><t>e</t></r></si>'
        "<si><t>two</t></si></sst>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    assert read_sheets(tmp_path / "b.xlsx") == {"sites": [["one", "", "two", ""], [], ["", "0.1", "yes", "x"]]}
