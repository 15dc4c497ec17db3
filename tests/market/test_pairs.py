"""Trade by pair of countries: a chain by hand, and the accounts of vehicles as a second way."""

import pytest

from sim.market.accounts import ROW, accounts
from sim.market.pairs import PARTS, VEHICLES, pair_values
from sim.network import load_network
from sim.network.port_values import working_days
from sim.validation.bought import bought_in
from sim.validation.trade import BALANCES, PARTS_JOBS, TARGETS, counted_by_land, trade_by_pair
from tests.customs.test_recorded import three_stages


def test_a_chain_over_the_border_by_hand():
    """Eight cars a day of 300 USD to Mexico, their engines of 200 from there, forgings of 100 to there; daily."""
    found = pair_values(three_stages(), 2023)
    days = working_days(three_stages().calendars["always"], 2023)
    assert days == 365
    assert dict(found) == {
        (PARTS, "MX", "US"): 200.0 * 8 * days,
        (PARTS, "US", "MX"): 100.0 * 8 * days,
        (VEHICLES, "US", "MX"): 300.0 * 8 * days,
    }


def test_the_accounts_of_vehicles_say_the_same():
    """Midsize, materials that the network does not follow taken out of the accounts."""
    network = load_network("midsize")
    for recipe in network.recipes.values():
        assert not recipe.material_usd or recipe.material_country
    plants = [x for x in network.recipes.values() if x.schedule]
    days = sum(working_days(network.calendars[x.calendar], 2017) for x in plants) / len(plants)
    held = accounts(network)
    flows = pair_values(network, 2017)
    for there, here in (("MX", "CA"), ("CA", "US"), ("CA", "MX")):  # nobody there buys materials from the first
        total = 0.0
        for lane in network.lanes.values():
            made = network.recipes[lane.from_recipe]
            if lane.to_recipe or not made.schedule:
                continue
            ends = network.sites[made.site].country, network.sites[lane.to_site].country
            units = days * made.schedule.vehicles_per_day * lane.share_pct / 100
            total += units * held[made.id].sold_in(*ends)[ROW[there], ROW[here]]
        ours = sum(value for (_, *pair), value in flows.items() if pair == [there, here])
        assert ours == pytest.approx(total, rel=1e-9)


def test_a_chapter_and_what_goes_by_land_are_parts_of_the_whole():
    network = load_network("north_america")
    whole = pair_values(network, 2024)
    chapter = pair_values(network, 2024, chapter="87")
    by_land = pair_values(network, 2024, chapter="87", by_land=True)
    vehicles = VEHICLES, "MX", "US"
    assert whole[vehicles] == chapter[vehicles] > by_land[vehicles] > 0.8 * whole[vehicles]  # some go by sea
    assert not any("overseas" in key for key in by_land)
    parts = PARTS, "MX", "US"
    assert 0 < chapter[parts] < whole[parts]  # engines, harnesses and electronics stand elsewhere


def test_what_was_counted_by_land_is_summed_over_ports():
    """2023 by `hs87_by_port.csv`: 105.3 bn USD from Mexico, 25.6 to it."""
    found = counted_by_land(2023)
    assert found["MX", "US"] == pytest.approx(105.3e9, rel=1e-3)
    assert found["US", "MX"] == pytest.approx(25.64e9, rel=1e-3)
    assert set(found) == {("MX", "US"), ("US", "MX"), ("CA", "US"), ("US", "CA")}


def test_targets_are_told_with_their_misses():
    found = list(trade_by_pair())
    assert len(found) == len(TARGETS) + 4 + len(BALANCES) + 1 + len(PARTS_JOBS) == 18
    by_item = {x.item: x for x in found}
    assert [x.item for x in found if not x.is_met] == ["parts US>CA"]
    told = by_item["parts US>CA"].note
    bought = bought_in(load_network("north_america"), "CA", 2024)
    assert f"plants in Canada take {bought.near:.3g} from both countries together" in told
    assert by_item["parts US>CA"].theirs > bought.near  # no way to buy as much where labels hold
    assert by_item["parts US>CA but for repair"].theirs == pytest.approx(0.8 * by_item["parts US>CA"].theirs)
    assert all(x.low < x.theirs < x.high for x in found)
    assert by_item["vehicles MX>US"].note == ""  # nothing of it is in plants that are missing
    exports, imports = by_item["vehicles US>CA"], by_item["parts CA>US"]
    assert exports.note.startswith("17.7 in the network, which builds 58 % of US vehicles; ")
    assert exports.ours / 17.7 == pytest.approx(imports.ours / 6.71, rel=2e-3) == pytest.approx(10.2 / 5.966, rel=2e-3)
    jobs = {x.item: x for x in found if x.item.startswith("jobs")}
    assert jobs["jobs in parts, US"].note.startswith("515 in the network")
