"""Properties that any line must have, on random goods, days, origins and facts, 1994 to 2026."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import LawError
from sim.law import Charge, LineFacts, load_law

LAW = load_law()
VEHICLES = ("8703.23", "8703.21.01", "8704.31", "8704.23.01", "8704.60.00", "8702.10.31")
CODES = (
    *VEHICLES,
    "8544.30",
    "8407.34",
    "8708.30",
    "8708.92.50",
    "8708.10.30",
    "9401.20",
    "8537.10",
    "7210.49",
    "8542.31",
    "8409.91.50",
    "7320.10.30",
    "8708.99.81",
)
DAYS = st.dates(dt.date(1994, 1, 1), dt.date(2026, 9, 30))
RECENT = st.dates(dt.date(2025, 1, 1), dt.date(2026, 9, 30))
RUN = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
GAPS = ("unknown from", "no rate for the code", "no value for", "are in force on")  # what the law says it lacks


@st.composite
def lines(draw: st.DrawFn) -> LineFacts:
    importer, exporter = draw(st.permutations(["US", "CA", "MX"]))[:2]
    origin = draw(st.sampled_from([exporter, exporter, "CN", "JP", "DE", "GB"]))
    code = draw(st.sampled_from(CODES))
    vehicle = code in VEHICLES
    return LineFacts(
        importer,
        exporter,
        origin,
        code,
        origin_marking=origin,
        agreement=draw(st.sampled_from(["", "nafta", "usmca"])),
        originating=origin == exporter and draw(st.booleans()),
        vehicle_class=draw(st.sampled_from(["", "passenger", "light_truck", "heavy_truck", "bus"])) if vehicle else "",
        use="vehicle" if vehicle else draw(st.sampled_from(["original_equipment", "aftermarket", "other"])),
        model_approved=draw(st.booleans()),
        kit=draw(st.booleans()),
        steel_melt=draw(st.sampled_from(["", "US", "MX", "CA", "CN"])),
        aluminium_smelt=draw(st.sampled_from(["", "US", "MX", "CA", "CN"])),
        chapter_98=draw(st.sampled_from(["", "", "", "9802.00.80", "9802.00.60"])) if importer == "US" else "",
        part_of=draw(st.sampled_from(["light", "light", "heavy", "other"])),
        opt_in=draw(st.sampled_from(["", "", "light_part", "heavy_part"])),
        metal_weight=draw(st.sampled_from(["under_15", "at_least_15"])),
        us_metal=draw(st.booleans()),
        quota=draw(st.sampled_from(["", "", "inside", "outside"])),
        preference_suspended=draw(st.sampled_from([False, False, True])),
        content_overstated=draw(st.sampled_from([False, False, True])),
    )


def amounts_of(value: float) -> dict[str, np.ndarray]:
    shares = {
        "customs_value": 1.0,
        "us_content": 0.4,
        "us_activity_value": 0.45,
        "ca_mx_content": 0.3,
        "us_components": 0.25,
        "processing_value": 0.2,
        "steel_value": 0.3,
        "aluminium_value": 0.1,
        "copper_value": 0.05,
        "offset_credit": 0.02,
    }
    return {name: np.array([share * value]) for name, share in shares.items()}


def assessed(line: LineFacts, on: dt.date, value: float) -> tuple[Charge, ...] | None:
    try:
        return LAW.assess(line, on, amounts_of(value))
    except LawError as error:
        if "prohibited" in error.text() or any(gap in error.text() for gap in GAPS) or "needs" in error.text():
            return None
        raise


def total(line: LineFacts, on: dt.date, value: float) -> float | None:
    charges = assessed(line, on, value)
    return None if charges is None else float(sum(charge.amount[0] for charge in charges))


@RUN
@given(lines(), DAYS, st.floats(0, 1e8))
def test_no_charge_is_negative_and_none_passes_its_rate_on_the_full_value(
    line: LineFacts, on: dt.date, value: float
) -> None:
    for charge in assessed(line, on, value) or ():
        assert charge.base[0] >= 0
        assert charge.amount[0] >= 0
        most = value * charge.rate_ppm / 1e6
        if charge.kind == "fee":
            most = max(most, charge.least or 0.0)
        assert charge.amount[0] <= most + 1e-6


@RUN
@given(lines(), DAYS, st.floats(0, 1e8))
def test_what_is_owed_grows_with_value_at_fixed_status(line: LineFacts, on: dt.date, value: float) -> None:
    less, more = total(line, on, value), total(line, on, value * 1.5 + 1)
    if less is not None and more is not None:
        assert 0 <= less <= more + 1e-6


@RUN
@given(lines(), RECENT)
def test_an_irrelevant_fact_changes_nothing(line: LineFacts, on: dt.date) -> None:
    owed = total(line, on, 1e6)
    if line.hts_code in VEHICLES:
        others = [replace(line, kit=not line.kit), replace(line, opt_in="")]
    else:
        others = [
            replace(line, over_25_years=True),
            replace(line, vehicle_class="passenger"),
            replace(line, content_overstated=not line.content_overstated),
            replace(line, model_approved=not line.model_approved),
            replace(line, advanced_chip=True),
        ]
    if line.hts_code != "7210.49":
        others.append(replace(line, steel_melt="CN" if line.origin != "GB" else line.steel_melt))
    if line.importer == "US":
        assert [total(other, on, 1e6) for other in others] == [owed] * len(others)


@RUN
@given(lines(), DAYS)
def test_a_claim_never_costs_duty(line: LineFacts, on: dt.date) -> None:
    claimed, unclaimed = total(line, on, 1e6), total(replace(line, agreement=""), on, 1e6)
    if claimed is not None and unclaimed is not None:
        assert claimed <= unclaimed + 1e-6


@RUN
@given(lines(), DAYS)
def test_suspension_of_preference_is_as_no_claim(line: LineFacts, on: dt.date) -> None:
    assert total(replace(line, preference_suspended=True), on, 1e6) == total(
        replace(line, agreement="", preference_suspended=True), on, 1e6
    )


@RUN
@given(lines(), DAYS)
def test_explanation_and_amount_agree(line: LineFacts, on: dt.date) -> None:
    owed = total(line, on, 1e6)
    if owed is not None:
        assert abs(LAW.explain(line, on, amounts_of(1e6)).total_cents - owed) < 1e-6


@RUN
@given(lines(), DAYS)
def test_lines_of_one_epoch_are_assessed_alike(line: LineFacts, on: dt.date) -> None:
    begin = dt.date(1994, 1, 1)
    edges = [day for day in LAW.change_dates(begin, dt.date(2027, 1, 1), line.importer) if day <= on]
    first = max(edges, default=begin)
    assert total(line, on, 1e6) == total(line, first, 1e6)


@RUN
@given(lines(), RECENT)
def test_elections_are_admissible_lines_and_none_is_the_line_itself(line: LineFacts, on: dt.date) -> None:
    if assessed(line, on, 1e6) is None:
        return
    for election in LAW.elections(line, on):
        other = replace(line, **{election.fact: election.value})
        assert other != line
        assert election.cost_cents >= 0
        assessed(other, on, 1e6)
