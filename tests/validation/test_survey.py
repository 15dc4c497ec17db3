"""Surveys of ports alone: a port by itself meets what it meets among all, and local time is the calendar's."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.network import load_network
from sim.validation.survey import Question, mean_of, only, quantile, survey

DAY = dt.date(2024, 6, 12)  # a Wednesday
PORTS = ("laredo_wtb/us", "ambassador_bridge/us")


@pytest.fixture(scope="module")
def both():
    return survey(Question(PORTS, DAY, 2, 2))


def test_a_port_alone_meets_what_it_meets_beside_others(both):
    alone = survey(Question(PORTS[:1], DAY, 2, 2))
    assert set(alone.hours) == {"laredo_wtb/us"}
    for kind in ("standard", "fast"):
        one, other = alone.met["laredo_wtb/us", kind], both.met["laredo_wtb/us", kind]
        for name in one.__slots__:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(alone.hours["laredo_wtb/us"].passed, both.hours["laredo_wtb/us"].passed)


def test_survey_trucks_and_hours_are_told_in_local_time(both):
    """Laredo opens at seven and shuts at midnight, and its trucks of a weekday are those that the counts expect."""
    hours = both.hours["laredo_wtb/us"]
    first = dt.datetime(2024, 6, 12, tzinfo=dt.UTC)
    local = [(first + dt.timedelta(hours=n)).astimezone(ZoneInfo("America/Chicago")) for n in range(hours.date.size)]
    assert hours.date.tolist() == [moment.toordinal() for moment in local]
    assert hours.hour.tolist() == [moment.hour for moment in local]
    assert not hours.passed[:, hours.hour < 7].any()
    whole = hours.date == DAY.toordinal()
    expected = (
        load_network("borders").traffic["laredo_wtb/us"][2024] * load_network("borders").seasons["laredo_wtb/us"][5]
    )
    assert hours.passed[:, whole].sum(axis=1).mean() == pytest.approx(expected, rel=0.15)
    met = both.met["laredo_wtb/us", "standard"]
    assert set(met.replication.tolist()) == {0, 1}
    assert met.hour.min() >= 7
    assert (met.minute // 60 == met.hour).all()
    assert met.is_weekday.all()
    assert (met.wait_min >= 0).all()
    assert (met.crossing_min > met.wait_min).all()


def test_fewer_booths_make_longer_waits(both):
    change = {"ambassador_bridge/us": {"booths_standard": 3.0}}
    fewer = survey(Question(PORTS[1:], DAY, 2, 2, change)).met["ambassador_bridge/us", "standard"]
    usual = both.met["ambassador_bridge/us", "standard"]
    assert mean_of(fewer.wait_min, fewer.weight) > 3 * mean_of(usual.wait_min, usual.weight)


def test_an_unknown_crossing_is_told():
    with pytest.raises(ScenarioError) as refusal:
        survey(Question((), DAY, 1, 1, {"ambasador_bridge/us": {"booths_standard": 3.0}}))
    assert str(refusal.value) == (
        "survey: crossings.ambasador_bridge/us: no crossing named 'ambasador_bridge/us'. "
        "Did you mean 'ambassador_bridge/us'?"
    )
    with pytest.raises(ScenarioError) as refusal:
        survey(Question(("nogales/us", "ambasador_bridge/us", "laredo/us"), DAY, 1, 1))
    assert str(refusal.value) == (
        "survey: 2 problems\n"
        "  no crossing named 'ambasador_bridge/us'. Did you mean 'ambassador_bridge/us'?\n"
        "  no crossing named 'laredo/us'. Did you mean 'laredo_wtb/us'?"
    )


def test_a_smaller_network_keeps_what_belongs_to_its_crossings():
    network = load_network("borders")
    smaller = only(network, ("nogales/mx",))
    assert list(smaller.crossings) == ["nogales/mx"]
    assert {site.split("/")[1] for site in smaller.sites} == {"nogales_us", "nogales_mx", "nogales_mx_fast"}
    assert set(smaller.traffic) == {"nogales/mx"}
    assert smaller.digest != network.digest
    assert only(network, ()) is network


def test_weighted_quantiles_and_means():
    values, weight = np.array([5.0, 1.0, 3.0]), np.array([1.0, 2.0, 1.0])
    assert [quantile(values, weight, share) for share in (0.25, 0.5, 0.51, 0.75, 0.95)] == [1.0, 1.0, 3.0, 3.0, 5.0]
    assert mean_of(values, weight) == pytest.approx((5 + 2 + 3) / 4)
