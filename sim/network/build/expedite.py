"""Ways for emergencies in the reference networks: a team of drivers without rests, and a chartered aircraft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.network.build.geography import (
    ROAD_FACTOR,
    TRANSFER_USD,
    TRUCK_KM_H,
    USD_PER_KM,
    Leg,
    Place,
    countries_of,
    great_circle_km,
)

CLASSES = ("sequenced", "just_in_time", "powertrain")  # assumption: what is waited for with a plant at stake
TEAM_RATE = 2.0  # assumption, 1.5 to 3: price of a kilometre by a truck of one's own with two drivers, to the usual one
TEAM_YARD_H = (
    1.0  # assumption, 0.5 to 3: a transfer tractor that waits for the load, on either side of the south border
)
CHARTER_H = 5.0  # assumption, 3 to 12: until an aircraft is found, there and loaded
FLIGHT_KM_H = 650.0  # assumption: small freighters, 500 to 750
# Assumption, for a trailer load: 0.15 of it, which an aircraft of three tonnes takes from Detroit to Laredo, is then
# 18,500 USD. 10,000 to 40,000 for such a flight.
CHARTER_USD, FLIGHT_USD_PER_KM = 30_000.0, 40.0


def team_way(a: Place, b: Place, way: Sequence[Leg]) -> list[Leg]:
    """A usual way by truck from `a` to `b`, driven through: the same crossings, without rests and nights in yards."""
    countries = countries_of(a, b, len(way) - 1)
    south = [n < len(way) - 1 and "MX" in countries[n : n + 2] for n in range(len(way))]
    legs = []
    for n, leg in enumerate(way):
        yards_h = TEAM_YARD_H * (south[n] + (n > 0 and south[n - 1]))
        hours = max(0.5, leg.distance_km / TRUCK_KM_H) + yards_h
        cost = leg.distance_km * USD_PER_KM * TEAM_RATE + south[n] * TRANSFER_USD
        legs.append(Leg(round(hours, 2), leg.distance_km, round(cost, 2), leg.crossing, leg.movement))
    return legs


def air_way(a: Place, b: Place, airports: Mapping[str, Place], movement: str) -> list[Leg]:
    """From a works by road and air to the airport nearest to the consumer, cleared there, and on by road.

    Parameters
    ----------
    airports : mapping of str to Place
        Airports by name; each end uses the nearest of its country.
    movement : str
        How the goods are entered.
    """
    leaves, lands = (
        min((x for x in airports.values() if x.country == end.country), key=lambda x: great_circle_km(end, x))
        for end in (a, b)
    )
    driven = [great_circle_km(*ends) * ROAD_FACTOR for ends in ((a, leaves), (lands, b))]
    flown = great_circle_km(leaves, lands)
    hours = CHARTER_H + driven[0] / TRUCK_KM_H + flown / FLIGHT_KM_H
    cost = CHARTER_USD + flown * FLIGHT_USD_PER_KM + driven[0] * USD_PER_KM * TEAM_RATE
    crossing = f"{lands.id}/{lands.country.lower()}"
    last_h = max(0.5, driven[1] / TRUCK_KM_H)
    return [
        Leg(round(hours, 2), round(driven[0] + flown, 1), round(cost, 2), crossing, movement),
        Leg(round(last_h, 2), round(driven[1], 1), round(driven[1] * USD_PER_KM * TEAM_RATE, 2), "", ""),
    ]
