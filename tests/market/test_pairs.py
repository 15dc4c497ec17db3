"""Trade by pair of countries: a chain by hand, and the accounts of vehicles as a second way."""

import pytest

from sim.market.accounts import ROW, accounts
from sim.market.pairs import PARTS, VEHICLES, pair_values
from sim.network import load_network
from sim.network.port_values import working_days
from sim.validation.trade import PARTS_JOBS, TARGETS, trade_by_pair
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


def test_targets_are_told_with_their_misses():
    found = list(trade_by_pair())
    assert len(found) == len(TARGETS) + len(PARTS_JOBS) == 12
    by_item = {x.item: x for x in found}
    assert by_item["vehicles MX>US"].is_met
    assert by_item["balance US-MX, 2021"].is_met
    assert not by_item["balance US-CA, 2023"].is_met
    assert all(x.note for x in found if not x.is_met)
    jobs = {x.item: x for x in found if x.item.startswith("jobs")}
    assert 450 < jobs["jobs in parts, US"].ours < 580
    assert all(x.is_met for x in jobs.values())
    assert all(x.low < x.theirs < x.high for x in found)
