"""Local hours and months against the calendar's own arithmetic, hour by hour."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sim.clock import Clock


@pytest.mark.parametrize("zone", ["America/Detroit", "America/Mexico_City", "America/St_Johns", "Australia/Lord_Howe"])
@pytest.mark.parametrize("begins", [dt.date(2017, 3, 10), dt.date(2017, 11, 4), dt.date(2017, 4, 1)])
@pytest.mark.parametrize("hours", [0, 1, 24, 37, 24 * 250 + 5])
def test_local_hours_follow_daylight_saving(zone, begins, hours):
    first = dt.datetime.combine(begins, dt.time(), dt.UTC)
    local = [(first + dt.timedelta(hours=n)).astimezone(ZoneInfo(zone)) for n in range(hours)]
    weekday, hour = Clock(begins, 0, 24 * 3_600).local_hours(zone, hours)
    assert weekday.tolist() == [moment.weekday() for moment in local]
    assert hour.tolist() == [moment.hour for moment in local]
    year, month = Clock(begins, 0, 24 * 3_600).local_months(zone, hours)
    assert year.tolist() == [moment.year for moment in local]
    assert month.tolist() == [moment.month for moment in local]
