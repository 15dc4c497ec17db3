"""Sweeps: what is varied changes and nothing else, points have readable names, every problem is told at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.law import load_law
from sim.replication import require_ready
from sim.study import load_study_file, run_study
from sim.study.designs import STEP, design_points, morris_points
from sim.study.factors import factor_named, words_of
from tests.study.test_execute import RUNNER, contents

SCENARIO = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 4 weeks}\n"
HEAD = "title: T\nquestion: Q?\nbaseline: base\nscenarios: [taxed]\nreplications: 2\n"
RATE = "law/us/proposals/border_tax_35/rate"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    (tmp_path / "base.yaml").write_text(SCENARIO)
    (tmp_path / "taxed.yaml").write_text(SCENARIO + "law: {reforms: [border_tax_35]}\n")
    return tmp_path


def study(folder: Path, text: str) -> Path:
    (folder / "study.yaml").write_text(HEAD + text)
    return folder / "study.yaml"


def test_a_grid_has_a_scenario_for_each_point(folder: Path) -> None:
    text = f"sweeps:\n  - of: taxed\n    vary:\n      {RATE}: [2.5 %, 35 %]\n      firms: [fixed, claim_or_pay]\n"
    plan = load_study_file(study(folder, text))
    assert [s.name for s in plan.scenarios] == [
        "base",
        "taxed",
        "taxed__border_tax_35_rate_2p5_pct__firms_fixed",
        "taxed__border_tax_35_rate_2p5_pct__firms_claim_or_pay",
        "taxed__border_tax_35_rate_35_pct__firms_fixed",
        "taxed__border_tax_35_rate_35_pct__firms_claim_or_pay",
    ]
    point = plan.scenarios[2]
    assert point.title == "taxed: border tax 35 rate 2.5 %, firms fixed"
    law = load_law(point.reforms)
    path = RATE.removeprefix("law/")
    vintage = law.vintage(path, dt.date(2017, 11, 15), dt.date(2017, 10, 30))
    assert (vintage.value, vintage.begins, vintage.status) == (25_000, dt.date(2017, 8, 16), "assumption")
    assert load_law(plan.scenarios[1].reforms).value(path, dt.date(2017, 11, 15)) == 350_000
    (sweep,) = plan.sweeps
    assert sweep.values[1] == ("2.5 %", "claim_or_pay")
    assert sweep.shares[1] == (0.0, 1.0)


def test_what_is_varied_is_all_that_changes(folder: Path) -> None:
    text = (
        "sweeps:\n  - of: base\n    design: one_at_a_time\n    vary:\n"
        "      parameters/pass_through_pct: [50 %, 100 %]\n"
        "      demand/plant/us_midwest/pickup: [200 /day, 300 /day]\n"
        "      crossings/laredo_wtb/us/booths_standard: [4, 9]\n"
    )
    network = load_study_file(study(folder, "")).scenarios[0].load_network()
    recipe = next(r.id for r in network.recipes.values() if r.schedule is not None)
    crossing = next(x.id for x in network.crossings.values() if x.booths_standard)
    text = text.replace("plant/us_midwest/pickup", recipe).replace("laredo_wtb/us", crossing)
    plan = load_study_file(study(folder, text))
    base, points = plan.scenarios[0], plan.scenarios[2:]
    assert len(points) == 6
    words = ("name", "title", "question", "source", "expected", "baseline")
    differences = []
    for point in points:
        one, other = base.resolved(), point.resolved()
        differences.append({key for key in one if key not in words and one[key] != other[key]})
    assert differences == [
        {"parameters"},
        set(),  # 100 % is what the base has
        {"demand_vehicles_per_day"},
        {"demand_vehicles_per_day"},
        {"crossings"},
        {"crossings"},
    ]


def test_a_program_can_be_ended(folder: Path) -> None:
    text = "sweeps:\n  - of: taxed\n    vary: {law/us/proposals/border_tax_35: [in_force, ended]}\n"
    ended = load_study_file(study(folder, text)).scenarios[-1]
    assert load_law(ended.reforms).value("us/proposals/border_tax_35", dt.date(2017, 11, 1)) == "ended"


def test_twins_vary_the_baseline_where_it_has_what_is_varied(folder: Path) -> None:
    text = (
        f"sweeps:\n  - of: taxed\n    design: latin_hypercube\n    points: 3\n    baseline_too: yes\n    vary:\n"
        f"      {RATE}: [5 %, 35 %]\n      parameters/pass_through_pct: [50 %, 100 %]\n"
    )
    plan = load_study_file(study(folder, text))
    (sweep,) = plan.sweeps
    by_name = {s.name: s for s in plan.scenarios}
    for name, twin, values in zip(sweep.names, sweep.twins, sweep.values, strict=True):
        assert by_name[name].parameters == by_name[twin].parameters == {"pass_through_pct": values[1]}
        assert by_name[twin].reforms == ()


def test_every_problem_is_told(folder: Path) -> None:
    text = (
        "sweeps:\n"
        "  - of: taxd\n    vary: {firms: [fixed, free]}\n"
        "  - of: taxed\n    design: sobol\n    points: 12\n    vary: {parameters/pass_trough_pct: [1 %, 2 %]}\n"
        "  - of: taxed\n    vary:\n      law/us/proposals/border_tax/rate: [1 %, 2 %]\n"
        "      claim_regime: [calm]\n      parameters/pass_through_pct: [50, 50 %]\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_study_file(study(folder, text))
    assert str(caught.value) == (
        f"{folder / 'study.yaml'}: 6 problems\n"
        "  line 7, sweeps[0].of: no scenario 'taxd' in this study. Did you mean 'taxed'?\n"
        "  line 11, sweeps[1].points: 12 is not a power of two, which a Sobol sequence needs to be balanced.\n"
        "  line 12, sweeps[1].vary.parameters/pass_trough_pct: no parameter named 'pass_trough_pct'. "
        "Did you mean 'pass_through_pct'?\n"
        "  line 15, sweeps[2].vary.law/us/proposals/border_tax/rate: no value or programme named "
        "'us/proposals/border_tax/rate'. Did you mean 'us/proposals/border_tax_35/rate'?\n"
        "  line 16, sweeps[2].vary.claim_regime: has fewer than two values. Write such as '[25 %, 35 %]'.\n"
        "  line 17, sweeps[2].vary.parameters/pass_through_pct[0]: '50' has no unit. Write it as '100 %'."
    )


def test_factors_of_one_last_step_have_names_of_their_own(folder: Path) -> None:
    network = load_study_file(study(folder, "")).scenarios[0].load_network()
    booths = sorted(x.id for x in network.crossings.values() if x.booths_standard)[:2]
    text = "sweeps:\n  - of: base\n    design: one_at_a_time\n    vary:\n" + "".join(
        f"      crossings/{crossing}/booths_standard: [4, 9]\n" for crossing in booths
    )
    plan = load_study_file(study(folder, text))
    words = [f"{crossing.replace('/', '_')}_booths_standard" for crossing in booths]
    names = [f"base__{word}_{count}" for word in words for count in (4, 9)]
    assert [s.name for s in plan.scenarios[2:]] == names == list(plan.sweeps[0].names)
    assert len({s.digest for s in plan.scenarios[2:]}) == 4


def test_two_words_alike_become_whole_paths() -> None:
    paths = [
        "law/us/mfn/rates",
        "law/ca/mfn/rates",
        "law/us/hmf/rates",
        "demand/plant/a/x",
        "demand/plant/b/x",
        "firms",
    ]
    assert words_of(paths) == {
        "law/us/mfn/rates": "law_us_mfn_rates",
        "law/ca/mfn/rates": "law_ca_mfn_rates",
        "law/us/hmf/rates": "hmf_rates",
        "demand/plant/a/x": "plant_a_x",
        "demand/plant/b/x": "plant_b_x",
        "firms": "firms",
    }


def test_several_sweeps_of_one_design_are_numbered(folder: Path) -> None:
    design = "  - of: base\n    design: latin_hypercube\n    points: 2\n"
    one = f"{design}    vary: {{parameters/pass_through_pct: [50 %, 99 %]}}\n"
    two = one.replace("50 %", "60 %")
    plan = load_study_file(study(folder, f"sweeps:\n{one}{two}"))
    assert [s.name for s in plan.scenarios[2:]] == [
        "base__latin_hypercube_1",
        "base__latin_hypercube_2",
        "base__latin_hypercube_2_1",
        "base__latin_hypercube_2_2",
    ]
    assert len({s.digest for s in plan.scenarios[2:]}) == 4


def test_points_that_would_still_share_a_name_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "sweeps:\n  - of: base\n    vary: {parameters/pass_through_pct: [50 %, 60 %]}\n"
    monkeypatch.setattr("sim.study.sweep.slug", lambda _: "same")
    with pytest.raises(ScenarioError) as caught:
        load_study_file(study(folder, text))
    assert str(caught.value) == (
        f"{folder / 'study.yaml'}: line 7, sweeps[0]: two points that differ are both named 'base__same'. "
        "Write their values with other words, or vary them in another study."
    )


def test_a_number_of_the_law_is_read_as_the_law_reads_it(folder: Path) -> None:
    base = load_study_file(study(folder, "")).scenarios[0]
    law = load_law(())
    name = next(path for path in law.paths() if law.history(path).type == "number")
    factor = factor_named(f"law/{name}", base)
    assert factor.read("2 600 000") == 2_600_000.0
    with pytest.raises(ValueError, match=r"^'nan' is not a whole number. Write it as 2600000.$"):
        factor.read("nan")


def test_values_that_fall_have_shares_from_the_first_to_the_last(folder: Path) -> None:
    text = "sweeps:\n  - of: base\n    vary: {parameters/pass_through_pct: [100 %, 90 %, 50 %]}\n"
    (sweep,) = load_study_file(study(folder, text)).sweeps
    assert sweep.shares == ((0.0,), (pytest.approx(0.2),), (1.0,))


def test_several_baselines(folder: Path) -> None:
    (folder / "study.yaml").write_text(HEAD.replace("baseline: base", "baseline: [base, taxed]"))
    found = run_study(load_study_file(folder / "study.yaml"), folder / "s", jobs=1, runner=RUNNER)
    assert found.baselines == ("base", "taxed")
    rows = found.compare("cost_per_vehicle_usd", item="total", baseline="taxed")
    assert [row.difference for row in rows] == [pytest.approx(-25.0), 0.0]


def test_a_sweep_is_the_same_study_with_one_worker_and_two(folder: Path) -> None:
    values = ", ".join(f"{n} %" for n in range(1, 21))
    path = study(folder, f"sweeps:\n  - of: taxed\n    vary: {{{RATE}: [{values}]}}\n")
    run_study(load_study_file(path), folder / "one", jobs=1, runner=RUNNER)
    again = run_study(load_study_file(path), folder / "two", jobs=2, runner=RUNNER)
    assert len(again.scenarios) == 22
    assert contents(folder / "one") == contents(folder / "two")


def test_morris_paths_move_one_factor_by_one_step() -> None:
    points = morris_points(50, 4, 1).reshape(50, 5, 4)
    moves = np.abs(np.diff(points, axis=1))
    assert np.allclose(np.sort(moves, axis=2)[:, :, :3], 0.0)
    assert np.allclose(moves.max(axis=2), STEP)
    assert np.array_equal(np.sort(moves.argmax(axis=2), axis=1), np.tile(np.arange(4), (50, 1)))
    assert {round(x * 3) for x in points.ravel().tolist()} == {0, 1, 2, 3}


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_designs_fill_every_sixteenth_once(design: str) -> None:
    points = design_points(design, 16, 3, 7)
    assert np.array_equal(np.sort(np.floor(points * 16), axis=0), np.tile(np.arange(16.0)[:, None], 3))
    assert np.array_equal(points, design_points(design, 16, 3, 7))


def test_saltelli_exchanges_one_column_at_a_time() -> None:
    first, second, *mixed = design_points("sobol_indices", 8, 2, 1).reshape(4, 8, 2)
    for k, block in enumerate(mixed):
        assert np.array_equal(block[:, k], second[:, k])
        assert np.array_equal(block[:, 1 - k], first[:, 1 - k])


def test_a_value_that_only_a_reform_has_can_be_run(folder: Path) -> None:
    """Its points change the reform of the scenario, which must come first."""
    plan = load_study_file(study(folder, f"sweeps:\n  - of: taxed\n    vary: {{{RATE}: [5 %, 10 %]}}\n"))
    point = plan.scenarios[-1]
    assert len(point.reforms) == 2
    require_ready(point)
