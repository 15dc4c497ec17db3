"""What must hold between the rows of a network: one function per defect, each telling all its cases."""

from __future__ import annotations

import math
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice, pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sim.errors import MOST_TOLD, Problem, nearest
from sim.network.line_checks import check_lines, check_substitutes
from sim.network.milk_run_checks import check_milk_run_zones, check_shared_trucks
from sim.network.route_checks import (
    check_crossings,
    check_expedited_lanes,
    check_lanes_have_routes,
    check_route_directions,
    check_route_steps,
)
from sim.network.table import Row, Table, Tables
from sim.network.traffic_checks import check_seasons, check_traffic_queues

Check: TypeAlias = Callable[[Tables], Iterator[Problem]]

_SHARE_TOLERANCE_PCT = 0.01
_HINTS = 20  # nearest names of one column

_KEYS = (
    ("sites.csv", ("id",)),
    ("parts.csv", ("id",)),
    ("recipes.csv", ("id",)),
    ("inputs.csv", ("recipe", "part")),
    ("schedules.csv", ("recipe",)),
    ("lanes.csv", ("id",)),
    ("routes.csv", ("from_site", "to_site", "mode", "alternative", "step")),
    ("crossings.csv", ("id",)),
    ("calendars.csv", ("id", "weekday", "from_hour")),
    ("milk_runs.csv", ("id", "weekday", "hour")),
    ("traffic.csv", ("crossing", "year")),
    ("seasons.csv", ("crossing", "month")),
    ("shutdowns.csv", ("calendar", "from_month", "from_day")),
    ("substitutes.csv", ("crossing", "substitute")),
)

_LINKS = (
    ("recipes.csv", "site", "sites.csv", "site"),
    ("recipes.csv", "part", "parts.csv", "part"),
    ("recipes.csv", "calendar", "calendars.csv", "calendar"),
    ("inputs.csv", "recipe", "recipes.csv", "recipe"),
    ("inputs.csv", "part", "parts.csv", "part"),
    ("schedules.csv", "recipe", "recipes.csv", "recipe"),
    ("schedules.csv", "overtime_calendar", "calendars.csv", "calendar"),
    ("lanes.csv", "from_recipe", "recipes.csv", "recipe"),
    ("lanes.csv", "to_recipe", "recipes.csv", "recipe"),
    ("lanes.csv", "to_site", "sites.csv", "site"),
    ("lanes.csv", "part", "parts.csv", "part"),
    ("lanes.csv", "milk_run", "milk_runs.csv", "milk run"),
    ("routes.csv", "from_site", "sites.csv", "site"),
    ("routes.csv", "to_site", "sites.csv", "site"),
    ("routes.csv", "crossing", "crossings.csv", "crossing"),
    ("traffic.csv", "crossing", "crossings.csv", "crossing"),
    ("seasons.csv", "crossing", "crossings.csv", "crossing"),
    ("shutdowns.csv", "calendar", "calendars.csv", "calendar"),
    ("substitutes.csv", "crossing", "crossings.csv", "crossing"),
    ("substitutes.csv", "substitute", "crossings.csv", "crossing"),
)


def run_checks(tables: Tables, unsound: Iterable[str]) -> list[Problem]:
    """Run every check whose files could be read.

    Parameters
    ----------
    tables : mapping of str to Table
        Tables by file name.
    unsound : iterable of str
        Files with problems of shape; a check that reads one of them is left out, since it would only echo them.

    Returns
    -------
    list of Problem
        Of very many the first.
    """
    unsound = set(unsound)
    keys = (p for file, key in _KEYS if file not in unsound for p in _duplicates(tables[file], key))
    links = (p for link in _LINKS if not unsound & {link[0], link[2]} for p in _unknown(tables, *link))
    problems = list(islice(chain(keys, links), MOST_TOLD))
    if problems:
        return problems
    others = (p for check, files in CHECKS if not unsound & set(files) for p in check(tables))
    return list(islice(others, MOST_TOLD))


def _duplicates(table: Table, key: tuple[str, ...]) -> Iterator[Problem]:
    first: dict[tuple[object, ...], int] = {}
    for row in table:
        value = tuple(row.cells[name] for name in key)
        if value in first:
            name = ", ".join(str(part) for part in value)
            message = f"'{name}' is already on row {first[value]}. Keep one of them."
            yield table.problem(row, key[0] if len(key) == 1 else "", message)
        first.setdefault(value, row.number)


def _unknown(tables: Tables, file: str, column: str, target: str, noun: str) -> Iterator[Problem]:
    known = {row.text("id") for row in tables[target]}
    told = 0
    for row in tables[file]:
        name = row.text(column)
        if name and name not in known:
            told += 1
            hint = f"It must be an id of {target}."
            if told <= _HINTS:  # among ten thousand names the nearest takes long to find
                hint = nearest(name, known, f"{noun}s") if known else f"None is defined: add it to {target}."
            yield tables[file].problem(row, column, f"no {noun} named '{name}'. {hint}")


def check_site_ids(tables: Tables) -> Iterator[Problem]:
    """A site's id begins with its kind."""
    for row in tables["sites.csv"]:
        if not row.text("id").startswith(row.text("kind") + "/"):
            message = f"'{row.text('kind')}' does not fit the id '{row.text('id')}'. Make them agree."
            yield tables["sites.csv"].problem(row, "kind", message)


def check_wages(tables: Tables) -> Iterator[Problem]:
    """Every place where things are made pays a wage: labour value content asks it."""
    for row in tables["sites.csv"]:
        if row.text("kind") != "market" and row.number_of("wage_usd_h") <= 0:
            yield tables["sites.csv"].problem(row, "wage_usd_h", "is 0. Write the average base wage in USD an hour.")


def check_time_zones(tables: Tables) -> Iterator[Problem]:
    """Time zones are names of the IANA database."""
    for file in ("sites.csv", "crossings.csv", "calendars.csv", "milk_runs.csv"):
        for row in tables[file]:
            zone = row.text("time_zone")
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                message = f"no time zone named '{zone}'. Write an IANA name such as 'America/Detroit'."
                yield tables[file].problem(row, "time_zone", message)


def check_vehicle_parts(tables: Tables) -> Iterator[Problem]:
    """A vehicle is one in its part class, core class and vehicle class alike."""
    for row in tables["parts.csv"]:
        marks = {
            "part_class": row.text("part_class") == "vehicle",
            "core_class": row.text("core_class") == "vehicle",
            "vehicle_class": bool(row.text("vehicle_class")),
        }
        if len(set(marks.values())) > 1:
            said = " and ".join(name for name, is_vehicle in marks.items() if is_vehicle)
            other = " and ".join(name for name, is_vehicle in marks.items() if not is_vehicle)
            message = f"'{row.text('id')}' is a vehicle by {said} but not by {other}. Make them agree."
            yield tables["parts.csv"].problem(row, "", message)


def check_recipe_ids(tables: Tables) -> Iterator[Problem]:
    """A recipe's id is its site and its part."""
    for row in tables["recipes.csv"]:
        wanted = f"{row.text('site')}/{row.text('part')}"
        if row.text("id") != wanted:
            message = f"'{row.text('id')}' should be '{wanted}', its site and its part."
            yield tables["recipes.csv"].problem(row, "id", message)


def check_origins_of_materials(tables: Tables) -> Iterator[Problem]:
    """Materials and metals with a value say where they come from; weight and value come together."""
    table = tables["recipes.csv"]
    places = (
        ("material_usd", "material_country"),
        ("steel_usd", "steel_melt_country"),
        ("aluminium_usd", "aluminium_smelt_country"),
    )
    for row in table:
        for value, country in places:
            if row.number_of(value) > 0 and not row.text(country):
                yield table.problem(row, country, f"is empty although {value} is {row.cells[value]}. Write a country.")
        for metal in ("steel", "aluminium"):
            if (row.number_of(f"{metal}_usd") > 0) != (row.number_of(f"{metal}_kg") > 0):
                message = f"{metal}_usd and {metal}_kg must both be 0 or both above 0."
                yield table.problem(row, f"{metal}_kg", message)


def check_schedules(tables: Tables) -> Iterator[Problem]:
    """Vehicles, and only vehicles, are built to a schedule."""
    vehicles = {row.text("id") for row in tables["parts.csv"] if row.text("part_class") == "vehicle"}
    scheduled = {row.text("recipe"): row for row in tables["schedules.csv"]}
    for row in tables["recipes.csv"]:
        is_vehicle, has_schedule = row.text("part") in vehicles, row.text("id") in scheduled
        if is_vehicle and not has_schedule:
            message = "makes a vehicle but has no row in schedules.csv. Add one."
            yield tables["recipes.csv"].problem(row, "", f"'{row.text('id')}' {message}")
        elif has_schedule and not is_vehicle:
            found = scheduled[row.text("id")]
            message = f"'{row.text('id')}' does not make a vehicle. Remove the row."
            yield tables["schedules.csv"].problem(found, "recipe", message)


def check_makers(tables: Tables) -> Iterator[Problem]:
    """Some recipe makes every part that a bill of materials asks for."""
    made = {row.text("part") for row in tables["recipes.csv"]}
    for row in tables["inputs.csv"]:
        part = row.text("part")
        if part not in made:
            message = f"nobody makes '{part}', an input of '{row.text('recipe')}'. Add a recipe that makes it."
            yield tables["inputs.csv"].problem(row, "part", message)


def check_cycles(tables: Tables) -> Iterator[Problem]:
    """No part goes, at any depth, into itself."""
    part_of = {row.text("id"): row.text("part") for row in tables["recipes.csv"]}
    inputs: dict[str, set[str]] = defaultdict(set)
    for row in tables["inputs.csv"]:
        inputs[part_of[row.text("recipe")]].add(row.text("part"))
    for cycle in _cycles({part: tuple(sorted(inputs[part])) for part in sorted(inputs)}):
        first = min(range(len(cycle)), key=cycle.__getitem__)
        ring = [*cycle[first:], *cycle[:first], cycle[first]]
        path = " <- ".join(ring)
        yield Problem("inputs.csv", f"the bill of materials has a cycle: {path}. Remove one of these inputs.")


def _cycles(graph: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """One cycle for each edge that closes one, found depth first in the order given."""
    state: dict[str, int] = {}
    found = []
    for root in graph:
        if root in state:
            continue
        path = [root]
        state[root] = 1
        branches = [iter(graph[root])]
        while branches:
            node = next(branches[-1], None)
            if node is None:
                state[path.pop()] = 2
                branches.pop()
            elif state.get(node) == 1:
                found.append(path[path.index(node) :])
            elif node not in state:
                state[node] = 1
                path.append(node)
                branches.append(iter(graph.get(node, ())))
    return found


def check_lane_ends(tables: Tables) -> Iterator[Problem]:
    """A lane's id, part and ends agree with the recipes that it joins."""
    table = tables["lanes.csv"]
    recipes = {row.text("id"): row for row in tables["recipes.csv"]}
    kinds = {row.text("id"): row.text("kind") for row in tables["sites.csv"]}
    for row in table:
        to_recipe, to_site = row.text("to_recipe"), row.text("to_site")
        wanted = f"{row.text('from_recipe')}..{to_recipe or to_site}"
        if row.text("id") != wanted:
            yield table.problem(row, "id", f"'{row.text('id')}' should be '{wanted}', its two ends.")
        made = recipes[row.text("from_recipe")].text("part")
        if row.text("part") != made:
            message = f"'{row.text('part')}' is not what '{row.text('from_recipe')}' makes. Write '{made}'."
            yield table.problem(row, "part", message)
        if to_recipe and recipes[to_recipe].text("site") != to_site:
            right = recipes[to_recipe].text("site")
            yield table.problem(row, "to_site", f"'{to_site}' is not the site of '{to_recipe}'. Write '{right}'.")
        if not to_recipe and kinds[to_site] != "market":
            message = f"is empty although '{to_site}' is not a market. Write the recipe that uses the part."
            yield table.problem(row, "to_recipe", message)


def check_lane_uses(tables: Tables) -> Iterator[Problem]:
    """A lane feeds an input that its recipe has; only vehicles go to market, and for sale."""
    table = tables["lanes.csv"]
    wanted = {(row.text("recipe"), row.text("part")) for row in tables["inputs.csv"]}
    vehicles = {row.text("id") for row in tables["parts.csv"] if row.text("part_class") == "vehicle"}
    for row in table:
        to_recipe, part = row.text("to_recipe"), row.text("part")
        if to_recipe and (to_recipe, part) not in wanted:
            message = f"'{part}' is not an input of '{to_recipe}'. Add it to inputs.csv or remove the lane."
            yield table.problem(row, "part", message)
        if not to_recipe and part not in vehicles:
            yield table.problem(row, "part", f"'{part}' is not a vehicle, so it cannot go to market.")
        use = "production" if to_recipe else "sale"
        if row.text("importer_country_use") != use:
            said = row.text("importer_country_use")
            yield table.problem(row, "importer_country_use", f"'{said}' does not fit this lane. Write '{use}'.")


def check_supply(tables: Tables) -> Iterator[Problem]:
    """Every input has a lane, and every vehicle recipe a market."""
    fed = {(row.text("to_recipe"), row.text("part")) for row in tables["lanes.csv"] if row.text("to_recipe")}
    for row in tables["inputs.csv"]:
        if (row.text("recipe"), row.text("part")) not in fed:
            message = f"no lane brings '{row.text('part')}' to '{row.text('recipe')}'. Add one to lanes.csv."
            yield tables["inputs.csv"].problem(row, "part", message)
    sold = {row.text("from_recipe") for row in tables["lanes.csv"] if not row.text("to_recipe")}
    for row in tables["schedules.csv"]:
        if row.text("recipe") not in sold:
            message = f"no lane takes the vehicles of '{row.text('recipe')}' to a market. Add one to lanes.csv."
            yield tables["schedules.csv"].problem(row, "recipe", message)


def check_shares(tables: Tables) -> Iterator[Problem]:
    """The shares of the lanes into one stock, or of one vehicle's markets, add up to 100 percent."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in tables["lanes.csv"]:
        key = (row.text("to_recipe") or row.text("from_recipe"), row.text("part"))
        groups[key].append(row)
    for (recipe, part), rows in groups.items():
        total = math.fsum(row.number_of("share_pct") for row in rows)
        if abs(total - 100.0) > _SHARE_TOLERANCE_PCT:
            numbers = ", ".join(str(row.number) for row in rows)
            whose = f"of '{part}' into '{recipe}'" if rows[0].text("to_recipe") else f"of '{recipe}' to its markets"
            message = f"the shares {whose} (rows {numbers}) add up to {total:g}. Make them add up to 100."
            yield tables["lanes.csv"].problem(rows[0], "share_pct", message)


def check_calendars(tables: Tables) -> Iterator[Problem]:
    """Shifts end after they begin, do not overlap, and a calendar keeps to one time zone."""
    table = tables["calendars.csv"]
    by_id: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        by_id[row.text("id")].append(row)
        if row.number_of("to_hour") <= row.number_of("from_hour"):
            message = f"'{row.cells['to_hour']}' is not after from_hour {row.cells['from_hour']}. Split at midnight."
            yield table.problem(row, "to_hour", message)
    for name, rows in by_id.items():
        for row in rows:
            if row.text("time_zone") != rows[0].text("time_zone"):
                message = f"'{row.text('time_zone')}' differs from row {rows[0].number} of calendar '{name}'."
                yield table.problem(row, "time_zone", message)
        shifts = sorted(rows, key=lambda r: (r.whole("weekday"), r.number_of("from_hour")))
        for before, after in pairwise(shifts):
            same_day = before.whole("weekday") == after.whole("weekday")
            if same_day and after.number_of("from_hour") < before.number_of("to_hour"):
                yield table.problem(after, "from_hour", f"overlaps row {before.number} of calendar '{name}'.")


def check_shutdowns(tables: Tables) -> Iterator[Problem]:
    """Shutdowns begin and end on days that there are."""
    table = tables["shutdowns.csv"]
    for row in table:
        for end in ("from", "to"):
            month, day = row.whole(f"{end}_month"), row.whole(f"{end}_day")
            last = monthrange(2024, month)[1]  # a leap year
            if day > last:
                yield table.problem(row, f"{end}_day", f"'{day}' is no day of month {month}. Write 1 to {last}.")


CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (check_site_ids, ("sites.csv",)),
    (check_wages, ("sites.csv",)),
    (check_time_zones, ("sites.csv", "crossings.csv", "calendars.csv", "milk_runs.csv")),
    (check_vehicle_parts, ("parts.csv",)),
    (check_recipe_ids, ("recipes.csv",)),
    (check_origins_of_materials, ("recipes.csv",)),
    (check_schedules, ("parts.csv", "recipes.csv", "schedules.csv")),
    (check_makers, ("recipes.csv", "inputs.csv")),
    (check_cycles, ("recipes.csv", "inputs.csv")),
    (check_lane_ends, ("sites.csv", "recipes.csv", "lanes.csv")),
    (check_lane_uses, ("parts.csv", "inputs.csv", "lanes.csv")),
    (check_supply, ("inputs.csv", "lanes.csv", "schedules.csv")),
    (check_shares, ("lanes.csv",)),
    (check_lanes_have_routes, ("recipes.csv", "lanes.csv", "routes.csv")),
    (check_expedited_lanes, ("recipes.csv", "lanes.csv", "routes.csv")),
    (check_route_steps, ("routes.csv", "crossings.csv")),
    (check_route_directions, ("sites.csv", "routes.csv", "crossings.csv")),
    (check_crossings, ("crossings.csv",)),
    (check_calendars, ("calendars.csv",)),
    (check_shutdowns, ("shutdowns.csv",)),
    (check_milk_run_zones, ("milk_runs.csv",)),
    (check_shared_trucks, ("recipes.csv", "lanes.csv", "routes.csv", "milk_runs.csv")),
    (check_traffic_queues, ("crossings.csv", "traffic.csv", "seasons.csv")),
    (check_seasons, ("seasons.csv",)),
    (check_lines, ("crossings.csv",)),
    (check_substitutes, ("crossings.csv", "substitutes.csv")),
)
