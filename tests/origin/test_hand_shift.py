"""A change of tariff classification by hand: what each material brings, which facts are asked for, the tolerance."""

from __future__ import annotations

import pytest

from sim.origin import Answer, OriginError, determine
from sim.origin.finding import Finding
from sim.origin.reading import questions_of

MOTOR = """agreement: usmca
on: 2024-01-01
good: {name: motor, hts: 8501.10, made_in: MX}
rule: {kind: tariff_shift, change: heading}
"""


def answer(material: str, more: str = "transaction_value: 100\n", head: str = MOTOR) -> Answer:
    (question,) = questions_of(f"{head}{more}materials:\n  - {{name: part, {material}}}\n")
    return determine(question)


def shift(material: str, more: str = "transaction_value: 100\n") -> Finding:
    return next(x for x in answer(material, more).findings if x.test == "tariff shift")


@pytest.mark.parametrize(
    ("material", "passes"),
    [
        ("hts: 8544.11, value: 90, status: non_originating", True),
        ("hts: 8501.20, value: 10, status: non_originating", True),  # a tenth is let pass
        ("hts: 8501.20, value: 10.01, status: non_originating", False),
        ("hts: 8501.20, value: 90, status: originating", True),
        ("same_class: no, value: 90, status: non_originating", True),
        ("same_class: yes, value: 90, status: non_originating", False),
        ("hts: 8501.20, value: 0, status: non_originating", True),  # of no value
    ],
)
def test_a_material_changes_heading_or_is_a_tenth_at_most(material: str, passes: bool) -> None:
    assert shift(material).passes is passes


@pytest.mark.parametrize(
    ("material", "needs"),
    [
        ("value: 90, status: non_originating", ("the tariff code of 'part'",)),
        ("hts: 85, value: 90, status: non_originating", ("more digits of the tariff code 85",)),
        ("hts: 8501.20, value: 90", ("whether 'part' originates",)),
        ("hts: 8501.20, status: non_originating", ("the value of 'part'",)),
    ],
)
def test_a_material_asks_for_what_decides(material: str, needs: tuple[str, ...]) -> None:
    found = shift(material)
    assert found.passes is None
    assert found.needs == needs


def test_the_tolerance_asks_for_its_base() -> None:
    found = shift("hts: 8501.20, value: 9, status: non_originating", more="")
    assert found.passes is None
    assert found.needs


@pytest.mark.parametrize(
    ("codes", "passes"),
    [("[8544.11, 7408.11]", True), ("[8544.11, 8501.30]", False), ("[8544.11, 85]", None)],
)
def test_what_the_maker_of_a_material_signed_is_looked_into(codes: str, passes: bool | None) -> None:
    """A part of the heading itself passes by what went into it, where its maker in the region signed that."""
    material = f"hts: 8501.20, value: 90, made_in: US, status: non_originating, statement: {{classifications: {codes}}}"
    assert shift(material).passes is passes


def problems(text: str) -> list[str]:
    with pytest.raises(OriginError) as raised:
        questions_of(f"agreement: usmca\non: 2024-01-01\n{text}", "good.yaml")
    return [str(problem) for problem in raised.value.problems]


STOCK = """inventory:
  method: average
  ratio_decimals: 12
  receipts: [{on: 2024-01-10, units: 10, price: 2, status: originating}]
  shipments: [{on: 2024-01-10, units: 5}]
"""


def test_a_stock_that_moves_twice_a_day_asks_for_the_order() -> None:
    assert problems(STOCK) == ["line 5, inventory.ratio_decimals: '12' is not a number of decimals. Write a digit."]
    (question,) = questions_of("agreement: usmca\non: 2024-01-01\n" + STOCK.replace("  ratio_decimals: 12\n", ""))
    need = "same_day: shipments_first or receipts_first (or 'movements' in their order)"
    assert determine(question).unresolved == (need,)


CAR = "agreement: usmca\non: 2024-01-01\ngood: {name: car, hts: 8703.23, vehicle_class: passenger, use: vehicle}\n"


def test_purchases_of_a_metal_may_be_one_sum() -> None:
    text = (
        CAR
        + "metals: {steel: {originating: 8, purchases: 10}, aluminium: 75 %, scope: all_plants,"
        + " period: fiscal_year_to_date}\n"
    )
    (question,) = questions_of(text)
    found = determine(question)
    assert found.values["steel_pct"] == 80
    (metals,) = [x for x in found.findings if x.test == "steel and aluminium"]
    assert metals.words.endswith("Purchases counted: for vehicles of all plants, fiscal year to date.")
