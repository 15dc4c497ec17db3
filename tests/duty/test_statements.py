"""Nothing is stated that the importer does not write, and what is taken for granted or idle is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.duty import Answer, assess_file

HEAD = "question: What is owed?\nsource: closed form\nleave_out: [us/fees]\n"


def answer(folder: Path, text: str) -> Answer:
    path = folder / "file.yaml"
    path.write_text(HEAD + text)
    return assess_file(path)


def entry(line: str, on: str = "2026-06-08", into: str = "US", of: str = "MX", more: str = "") -> str:
    head = f"  - {{name: E, importer: {into}, on: {on}, exporter: {of}, origin: {of}, origin_marking: {of}{more},\n"
    return f"entries:\n{head}     lines: [{{name: a, {line}}}]}}\n"


EXCAVATOR = (
    "hts: 8429.52.10, originating: yes, agreement: usmca, us_content: 30 %, metal_weight: at_least_15, "
    "value: USD 100 000"
)


def test_a_certificate_is_not_made_for_a_line_that_states_no_use(tmp_path: Path) -> None:
    """A machine of Annex I-C with 30 % United States content: 25 % of the other 70 %; no part of anything."""
    found = answer(tmp_path, entry(EXCAVATOR))
    assert found.values["E/a.duty"] == 1_750_000
    assert found.values["E/a.elected"] == "as declared"


@pytest.mark.parametrize("said", ["use: original_equipment", "part_of: light", "elect: {opt_in: any}"])
def test_a_certificate_is_weighed_where_the_line_makes_the_statement(tmp_path: Path, said: str) -> None:
    piston = "hts: 8409.91.50, metal_weight: at_least_15, steel_value: USD 8 000, steel_melt: CN, value: USD 20 000"
    bare = answer(tmp_path, entry(piston, "2025-11-15")).values
    told = answer(tmp_path, entry(f"{piston}, {said}", "2025-11-15"))
    assert bare["E/a.elected"] == "as declared"
    assert told.values["E/a.elected"] == "opt_in light_part"
    taken = dict(told.entries[0].lines[0].assumed)
    assert set(taken) == {"use", "part_of"} - {said.split(":")[0]}
    for fact, value in taken.items():
        assert f"    {fact.replace('_', ' ')} taken as {value} (assumption)\n" in told.text()
    assert told.as_dict()["entries"][0]["lines"][0]["assumed"] == taken


def test_a_relief_that_is_taken_for_granted_is_told(tmp_path: Path) -> None:
    """A bumper of China into Mexico: free under the producers' programme, 25 % without; the line says neither."""
    bumper = "hts: 8708.10, value: USD 10 000"
    silent = answer(tmp_path, entry(bumper, "2026-02-01", "MX", "CN"))
    assert silent.values["E/a.duty"] == 0
    assert silent.as_dict()["entries"][0]["lines"][0]["assumed"] == {"use": "original_equipment", "relief": "sector"}
    assert "    relief taken as sector (assumption)\n" in silent.text()
    told = answer(tmp_path, entry(f"{bumper}, relief: sector, use: original_equipment", "2026-02-01", "MX", "CN"))
    assert told.as_dict()["entries"][0]["lines"][0]["assumed"] == {}
    assert "assumption)\n" not in told.text()


def test_an_election_that_the_facts_make_already_is_taken(tmp_path: Path) -> None:
    brake = "hts: 8708.30.50, value: USD 1 000"
    plain = answer(tmp_path, entry(brake, "2025-06-16")).values["E/a.duty"]
    for said in ("relief: temporary, elect: {relief: temporary}", "elect: {opt_in: none}", "elect: {claim: none}"):
        found = answer(tmp_path, entry(f"{brake}, {said}", "2025-06-16"))
        assert found.unresolved == ()
        assert found.values["E/a.duty"] == plain


def test_a_claim_that_counts_for_nothing_is_told_with_the_one_in_force(tmp_path: Path) -> None:
    harness = "hts: 8544.30, originating: yes, agreement: nafta, value: USD 1 000"
    late = answer(tmp_path, entry(harness, "2025-06-16"))
    nothing = "the claim under nafta counts for nothing: it is not in force on 2025-06-16."
    told = f"{nothing} In force between US and MX is usmca."
    assert late.as_dict()["entries"][0]["lines"][0]["remarks"] == [told]
    assert told in " ".join(late.text().split())
    found = answer(tmp_path, entry(harness, "2019-06-17"))
    assert found.as_dict()["entries"][0]["lines"][0]["remarks"] == []
    other = answer(tmp_path, entry(harness.replace("nafta", "usmca"), "2025-06-16", of="DE"))
    assert other.as_dict()["entries"][0]["lines"][0]["remarks"] == [
        "the claim under usmca counts for nothing: it does not bind US and DE. None is in force between US and DE."
    ]


def test_a_missing_amount_is_asked_in_the_words_of_the_file(tmp_path: Path) -> None:
    bolt = "hts: 7318.15.20, steel_melt: none, aluminium_smelt: none, value: USD 40 000"
    found = answer(tmp_path, entry(bolt, "2025-06-16"))
    assert found.unresolved == (
        "E/a: unresolved: needs 'steel_value'. Write it on the line as money, or as a share such as '40 %'.",
    )


def test_the_grand_total_says_of_how_much_it_is(tmp_path: Path) -> None:
    text = entry("hts: 8544.30, value: USD 1 000", "2024-06-17")
    text += "  - {name: F, importer: US, on: 2025-06-16, exporter: MX, lines: [{name: b, hts: 7318.15.20,\n"
    text += "     origin: MX, value: USD 1 000}]}\n"
    found = answer(tmp_path, text)
    assert found.text().endswith("\n\nTotal of all entries: USD 50.00, of what is answered; 1 entry unresolved")
    assert (found.as_dict()["resolved"], found.as_dict()["unresolved_entries"]) == (False, ["F"])


def test_marking_stands_for_all_lines_of_an_entry(tmp_path: Path) -> None:
    """25 % and 5 % from Mexico; a line may still write its own."""
    text = "entries:\n  - {name: E, importer: US, on: 2025-03-05, exporter: MX, origin: MX, origin_marking: MX,\n"
    text += "     lines: [{name: a, hts: 8544.30, value: USD 1 000}, {name: b, hts: 8544.30, value: USD 1 000}]}\n"
    found = answer(tmp_path, text)
    assert (found.values["E/a.duty"], found.values["E/b.duty"]) == (30_000, 30_000)


def test_status_in_a_zone(tmp_path: Path) -> None:
    """Parts that owe a duty on automobile parts are privileged whatever the line says; a line may leave it open."""
    car = "hts: 8703.23.01, use: vehicle, vehicle_class: passenger, admitted_hts: 8482.20.00, value: USD 100 000"
    closed = answer(tmp_path, entry(f"{car}, admitted: 2025-05-20, zone_status: non_privileged", "2025-06-01", of="JP"))
    assert closed.unresolved == (
        "E/a: zone_status 'non_privileged' is not open to goods that are subject to "
        "us/section_232/automobile_parts (Proclamations 10908, 10947, 11012: privileged foreign status required).",
    )
    truck = "hts: 8704.31.01, use: vehicle, vehicle_class: light_truck, admitted: 2018-03-01, admitted_hts: 8407.34.48"
    zone = "zone_status: non_privileged, value: USD 100 000"
    fixed = answer(tmp_path, entry(f"{truck}, {zone}", "2018-05-01", of="JP"))
    assert fixed.values["E/a.duty"] == 2_500_000
    free = answer(tmp_path, entry(f"{truck}, {zone}, elect: {{zone_status: any}}", "2018-05-01", of="JP"))
    assert (free.values["E/a.duty"], free.values["E.paperwork"]) == (250_000, 2_500)


def test_a_duty_frozen_beyond_its_end_says_which_reading_it_is(tmp_path: Path) -> None:
    good = "hts: 9032.89.60, zone_status: privileged, admitted: 2025-06-01, value: USD 100 000"
    found = answer(tmp_path, entry(good, "2026-05-01"))
    assert found.as_dict()["entries"][0]["lines"][0]["remarks"] == [
        "us/ieepa/mexico is owed as of admission to the zone, though not in force on the day of entry "
        "(assumption: privileged status freezes a duty beyond its end)"
    ]
