"""Weights from a CSV file: liberal in names and spellings, strict in values, every problem at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import PopulationError
from sim.population.make_weights import folder, main, make_weights
from sim.population.outcome import outcome
from sim.population.summary import summarise
from sim.population.weights import Weights
from sim.population.weights_file import load_weights, read_weights, shipped_text, shipped_weights

GOOD = """class,assembly,weight,tau_D,tau_D_q,tau_R,tau_R_q,tau_F,tau_F_q
cars,CA,2,1.02,1.019,1.01,1.009,1.05,1.04
trucks,MX,6,1.2,1.19,1.01,1.009,1.25,1.24
"""


def refused(text: str) -> str:
    with pytest.raises(PopulationError) as error:
        read_weights(text, "w.csv")
    return str(error.value)


def same(one: Weights, other: Weights) -> bool:
    return (
        one.vehicle_class == other.vehicle_class
        and one.assembly == other.assembly
        and one.moves_to == other.moves_to
        and all(np.array_equal(a, b) for a, b in zip(one.arrays(), other.arrays(), strict=True))
    )


def test_a_whole_file():
    weights = read_weights(GOOD, "w.csv")
    assert weights.weight.tolist() == [0.25, 0.75]
    assert weights.tau_d.tolist() == [1.02, 1.2]
    assert weights.tau_f_q is not None
    assert weights.tau_f_q.tolist() == [1.04, 1.24]
    assert (weights.vehicle_class, weights.assembly) == (("cars", "trucks"), ("CA", "MX"))
    assert weights.told == ()
    assert weights.may_move
    assert weights.groups() == [("all", "all"), ("cars", "all"), ("cars", "CA"), ("trucks", "all"), ("trucks", "MX")]
    with pytest.raises(ValueError, match="read-only"):
        weights.weight[0] = 1.0


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("cars", "Passenger Car").replace("CA", "CAN").replace("MX", "Mexico").replace("trucks", "8704"),
        GOOD.replace(",", ";").replace("1.", "1,"),
        GOOD.replace(",", "\t").upper(),
        "# a note\n\n" + GOOD.replace("tau_", "tau").replace("weight", "N").replace("class", "HS_head"),
        GOOD.replace("tau_D_q", "tauD.Q").replace("tau_R_q", "tau R q").replace("assembly", "V_iso_o"),
        "".join(f"{',' if n else 'id,'}{line}\n" for n, line in enumerate(GOOD.splitlines())).replace("\n,", "\n7,"),
        GOOD.replace("2,1.02", "20,1.02").replace("6,1.2", "60,1.2"),
        GOOD.replace("\n", "\r\n"),
        GOOD + "cars,US,0,1.01,1.01,1.01,1.01,1.01,1.01\n",
    ],
)
def test_other_spellings_mean_the_same(text):
    found = read_weights(text, "w.csv")
    assert same(found, read_weights(GOOD, "w.csv"))
    assert found.told == ()


def test_what_is_missing_is_told():
    weights = read_weights("tau,colour\n1.02,red\n1.03,blue\n", "w.csv")
    assert weights.weight.tolist() == [0.5, 0.5]
    assert weights.tau_d_q.tolist() == weights.tau_d.tolist() == [1.02, 1.03]
    assert not weights.may_move
    assert weights.groups() == [("all", "all")]
    assert weights.told == (
        "left out, not understood: column 'colour'",
        "no column 'weight': every row counts the same",
        "no column 'class': rows are not told apart by it",
        "no column 'assembly': rows are not told apart by it",
        "no column 'tau_D_q': quantities take tau_D",
        "no columns 'tau_R' and 'tau_F': assembly stays where it is",
    )


def test_every_problem_at_once_with_its_line():
    text = """class,assembly,weight,tau_D,tau_R
car,CA,1,0.025,1.01
cras,MX,-1,nan,1.01
,Mexcio,,1.02,abc
trucks,US,1,1.02
trucks,US,1,17,inf
"""
    assert refused(text) == (
        "w.csv: 10 problems\n"
        "  line 2, column tau_D: '0.025' is below 1. Write one plus the charge, such as 1.025 for 2.5 %.\n"
        "  line 3, column class: unknown value 'cras'. Did you mean 'cars'?\n"
        "  line 3, column weight: '-1' is out of range. Write a number of 0 or more.\n"
        "  line 3, column tau_D: 'nan' is not a number. Write a number from 1 to 10.\n"
        "  line 4, column class: is empty. Write cars or trucks.\n"
        "  line 4, column assembly: unknown value 'Mexcio'. Allowed values: CA, MX, US.\n"
        "  line 4, column weight: is empty. Write a number of 0 or more.\n"
        "  line 4, column tau_R: 'abc' is not a number. Write a number from 1 to 10.\n"
        "  line 5: has 4 cells where the first line has 5.\n"
        "  line 6, column tau_D: '17' is out of range. Write a number from 1 to 10."
        "\n  line 6, column tau_R: 'inf' is not a number. Write a number from 1 to 10."
    ).replace("10 problems", "11 problems")


def test_wrong_columns_and_no_rows():
    assert refused("tua_D,tau_R,tauR\n") == (
        "w.csv: 3 problems\n"
        "  line 1: columns 'tau_R', 'tauR' all mean tau_R. Keep one.\n"
        "  line 1: column 'tau_D' is missing: 1 + the charge when paying from the plant at home. Not understood: "
        "'tua_D'. Allowed columns: assembly, class, moves_to, tau_D, tau_D_q, tau_F, tau_F_q, tau_R, tau_R_q, weight.\n"
        "  has no row under its names of columns."
    )
    assert refused("\n# nothing\n") == "w.csv: is empty. `sim laffer --example` prints a file to begin with."
    assert refused("weight,tau_D\n0,1.1\n") == "w.csv: column weight: all rows weigh nothing. Write one above 0."


def test_many_problems_are_cut_short():
    message = refused("tau_D\n" + "x\n" * 100)
    assert len(message.splitlines()) == 42
    assert message.splitlines()[-1] == "  and 60 more like these."


def test_files_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(PopulationError) as error:
        load_weights(tmp_path / "none.csv")
    assert str(error.value) == f"{tmp_path}/none.csv: no such file. `sim laffer --example` prints one to begin with."
    (tmp_path / "bytes.csv").write_bytes(b"tau_D\n\xff\n")
    with pytest.raises(PopulationError) as error:
        load_weights(tmp_path / "bytes.csv")
    assert str(error.value) == f"{tmp_path}/bytes.csv: is not UTF-8 text (byte 6)."
    with pytest.raises(PopulationError) as error:
        load_weights(tmp_path)
    assert str(error.value) == f"{tmp_path}: is no file. `sim laffer --example` prints one to begin with."


def test_the_shipped_weights_are_made_from_their_facts(tmp_path: Path):
    assert shipped_text() == make_weights()
    assert main([str(tmp_path)]) == 0
    assert (tmp_path / "weights.csv").read_text() == (folder() / "weights.csv").read_text()
    assert main([]) == 2
    weights = shipped_weights()
    assert weights.told == ()
    assert weights.may_move
    assert len(weights.groups()) == 9


def test_the_shipped_weights_by_hand():
    # Mexican cars of the kind `exported`: 80 % to the United States at 2.5 %, 8 % to Canada at 6 %, 2 % at home
    row = next(line for line in shipped_text().splitlines() if line.startswith("cars,MX,exported"))
    charge = (0.80 * 1.025**-3 + 0.08 * 1.06**-3 + 0.12) ** (-1 / 3)
    assert float(row.split(",")[4]) == pytest.approx(charge, abs=1e-6)
    from_states = (0.90 + 0.08 * 1.06**-3 + 0.02 * 1.2**-3) ** (-1 / 3)
    assert float(row.split(",")[6]) == pytest.approx(from_states, abs=1e-6)
    from_outside = (1.03**-3 * (0.80 * 1.025**-3 + 0.08 * 1.06**-3 + 0.02 * 1.2**-3) + 0.10) ** (-1 / 3)
    assert float(row.split(",")[8]) == pytest.approx(from_outside, abs=1e-6)


# Directions of the article: cars pay more than trucks; Canadian cars, most of them exported, comply more than US cars.
def test_the_shipped_weights_have_the_directions_of_the_article():
    from sim.population.assumptions import Assumptions

    found = {
        (kind, place, rule): summarise(outcome(shipped_weights(), rule, Assumptions()), kind, place)
        for kind, place in shipped_weights().groups()
        for rule in (0.625, 0.75, 0.85)
    }
    for rule in (0.625, 0.75, 0.85):
        assert found["trucks", "MX", rule].pay < found["cars", "MX", rule].pay
        assert found["cars", "CA", rule].pay < found["cars", "MX", rule].pay < found["cars", "US", rule].pay
        assert found["cars", "CA", rule].price > found["cars", "US", rule].price
    cars = [found["cars", "all", rule] for rule in (0.625, 0.75, 0.85)]
    assert cars[0].parts < cars[1].parts > cars[2].parts
    assert cars[0].total_jobs > cars[1].total_jobs > 0 > cars[2].total_jobs
