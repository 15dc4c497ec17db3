"""What was never built has no cost; it does not cost nothing."""

import numpy as np

from sim.study.result import _matrices


def test_a_vehicle_that_was_not_delivered_has_no_cost():
    rows = [
        ("base", 0, "cost_per_vehicle_usd", "car", "total", 30_000.0),
        ("base", 0, "cost_per_vehicle_usd", "car", "duty", 100.0),
        ("base", 1, "cost_per_vehicle_usd", "car", "total", 30_100.0),
        ("shut", 0, "cost_per_vehicle_usd", "car", "total", 31_000.0),
    ]
    names = ("scenario", "replication", "measure", "vehicle", "item", "value")
    values = {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    found = _matrices(values, ["base", "shut"], 2)
    total = found["cost_per_vehicle_usd", "car", "total"]
    duty = found["cost_per_vehicle_usd", "car", "duty"]
    np.testing.assert_array_equal(total, [[30_000.0, 30_100.0], [31_000.0, np.nan]])
    np.testing.assert_array_equal(duty, [[100.0, 0.0], [0.0, np.nan]])
