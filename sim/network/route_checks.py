"""What must hold of routes and crossings: they lead where they should, in order, and queues have booths."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sim.errors import Problem
from sim.network.expedite import LEAST_SHARE
from sim.network.table import Row, Tables

_KIND_OF_MODE = {"truck": "land_truck", "team_truck": "land_truck", "rail": "land_rail", "ocean": "ocean", "air": "air"}


def check_lanes_have_routes(tables: Tables) -> Iterator[Problem]:
    """Every lane has at least one route, numbered from 0, with steps numbered from 0."""
    site_of = {row.text("id"): row.text("site") for row in tables["recipes.csv"]}
    routes = _routes(tables)
    known = {key[:3] for key in routes}
    for row in tables["lanes.csv"]:
        key = (site_of[row.text("from_recipe")], row.text("to_site"), row.text("mode"))
        if key not in known:
            message = f"no {key[2]} route leads from '{key[0]}' to '{key[1]}'. Add one to routes.csv."
            yield tables["lanes.csv"].problem(row, "mode", message)
    counts = Counter(key[:3] for key in routes)
    for (a, b, mode, alternative), rows in routes.items():
        if alternative >= counts[a, b, mode]:
            message = f"'{alternative}' leaves a gap. Number the alternatives of a route 0, 1, 2, ..."
            yield tables["routes.csv"].problem(rows[0], "alternative", message)
        for n, row in enumerate(rows):
            if row.whole("step") != n:
                message = f"'{row.whole('step')}' leaves a gap. Number the steps of a route 0, 1, 2, ..."
                yield tables["routes.csv"].problem(row, "step", message)
                break


def check_expedited_lanes(tables: Tables) -> Iterator[Problem]:
    """A lane that may be expedited has a route for it, feeds a plant and has trucks of its own."""
    table = tables["lanes.csv"]
    site_of = {row.text("id"): row.text("site") for row in tables["recipes.csv"]}
    known = {key[:3] for key in _routes(tables)}
    for row in table:
        if not row.text("expedite"):
            continue
        ends = site_of[row.text("from_recipe")], row.text("to_site")
        if not any((*ends, mode) in known for mode in LEAST_SHARE):
            message = f"no team_truck or air route leads from '{ends[0]}' to '{ends[1]}'. Add one to routes.csv."
            yield table.problem(row, "expedite", message)
        if row.text("milk_run"):
            message = "is 'yes', but the lane's loads share trucks. Leave it or milk_run empty."
            yield table.problem(row, "expedite", message)
        if not row.text("to_recipe"):
            yield table.problem(row, "expedite", "is 'yes', but nobody waits for vehicles at a market. Leave it empty.")


def check_route_steps(tables: Tables) -> Iterator[Problem]:
    """Each step but the last ends at a crossing of the route's mode, with a movement; transit is entered later."""
    table = tables["routes.csv"]
    kinds = {row.text("id"): row.text("kind") for row in tables["crossings.csv"]}
    for rows in _routes(tables).values():
        for n, row in enumerate(rows):
            crossing, movement, last = row.text("crossing"), row.text("movement"), n == len(rows) - 1
            if last and crossing:
                message = f"'{crossing}' ends the route. Add the step that leads on from it."
                yield table.problem(row, "crossing", message)
            if not last and not crossing:
                yield table.problem(row, "crossing", "is empty before the last step. Write the crossing reached.")
            if bool(movement) != bool(crossing):
                message = "and crossing must both be written or both be empty."
                yield table.problem(row, "movement", message)
            if crossing and _KIND_OF_MODE[row.text("mode")] != kinds[crossing]:
                message = f"'{crossing}' is {kinds[crossing]}, which a {row.text('mode')} route cannot use."
                yield table.problem(row, "crossing", message)
            if movement == "in_bond" and n == len(rows) - 2:
                message = "'in_bond' at the last border would never be entered. Write 'entry' or 'temporary'."
                yield table.problem(row, "movement", message)


def check_route_directions(tables: Tables) -> Iterator[Problem]:
    """The crossings of a route lead from the country of its first site to that of its last."""
    table = tables["routes.csv"]
    country = {row.text("id"): row.text("country") for row in tables["sites.csv"]}
    crossings = {row.text("id"): row for row in tables["crossings.csv"]}
    for rows in _routes(tables).values():
        here = country[rows[0].text("from_site")]
        for row in rows:
            if not row.text("crossing"):
                continue
            crossing = crossings[row.text("crossing")]
            leaves = crossing.text("from_country")
            if leaves and leaves != here:
                message = (
                    f"'{crossing.text('id')}' leaves {leaves}, but the load is in {here}. Use the other direction."
                )
                yield table.problem(row, "crossing", message)
            here = crossing.text("to_country")
        there = country[rows[0].text("to_site")]
        if here != there:
            message = f"the route ends in {here}, but '{rows[0].text('to_site')}' is in {there}. Add a crossing."
            yield table.problem(rows[-1], "crossing", message)


def check_crossings(tables: Tables) -> Iterator[Problem]:
    """A crossing's id, countries, hours and booths agree with each other and with its kind."""
    table = tables["crossings.csv"]
    for row in table:
        wanted = f"{row.text('port')}/{row.text('to_country').lower()}"
        if row.text("id") != wanted:
            yield table.problem(row, "id", f"'{row.text('id')}' should be '{wanted}', its port and where it leads.")
        if row.text("from_country") == row.text("to_country"):
            yield table.problem(row, "from_country", f"'{row.text('from_country')}' is also where it leads.")
        if not row.text("from_country") and row.text("kind") not in ("ocean", "air"):
            message = "is empty. Only a sea port or an airport is reached from any country."
            yield table.problem(row, "from_country", message)
        for opens, closes in (("open_hour", "close_hour"), ("weekend_open_hour", "weekend_close_hour")):
            if row.whole(closes) < row.whole(opens):
                message = f"'{row.whole(closes)}' is before {opens} {row.whole(opens)}. Write a later hour."
                yield table.problem(row, closes, message)
        if row.text("kind") == "land_truck":
            for column in ("booths_standard", "cycle_standard_s", "staffing_utilisation_pct"):
                if row.number_of(column) <= 0:
                    yield table.problem(row, column, "is 0, but trucks queue here. Write a number above 0.")
            if row.whole("booths_fast") > 0 and row.number_of("cycle_fast_s") <= 0:
                yield table.problem(row, "cycle_fast_s", "is 0 although there are FAST booths. Write seconds.")


def _routes(tables: Tables) -> dict[tuple[str, str, str, int], list[Row]]:
    routes: dict[tuple[str, str, str, int], list[Row]] = defaultdict(list)
    for row in tables["routes.csv"]:
        key = (row.text("from_site"), row.text("to_site"), row.text("mode"), row.whole("alternative"))
        routes[key].append(row)
    for rows in routes.values():
        rows.sort(key=lambda row: row.whole("step"))
    return routes
