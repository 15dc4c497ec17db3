"""Every defect of a network in one case: the message asserted whole."""

import copy

import pytest

from sim.network import check_network

WIRE, HARNESS, CAR = "supplier/ohio/wire", "supplier/juarez/harness", "plant/lansing/car"


def twin(tiny, file, row, **cells):
    """Add a copy of a row, changed, at the end of its file."""
    tiny.tables[file].append(copy.deepcopy(tiny.tables[file][row - 2]) | cells)


def drop(tiny, file, row):
    del tiny.tables[file][row - 2]


def rides(tiny, lanes):
    """Add a milk run that leaves on Mondays and Thursdays, and let lanes, by row, ride with a run."""
    told = {"id": "morning", "time_zone": "America/New_York", "basis": "assumption", "range_pct": "0", "source": "test"}
    tiny.tables["milk_runs.csv"] = [told | {"weekday": day, "hour": "6"} for day in ("0", "3")]
    for number, row in enumerate(tiny.tables["lanes.csv"], 2):
        row["milk_run"] = lanes.get(number, "")


def counted(tiny, years=((2017, "1000"), (2018, "1100")), index="1"):
    """Add counts of two years and an even season of the bridge into the United States."""
    told = {"crossing": "ysleta/us", "basis": "assumption", "range_pct": "0", "source": "test"}
    tiny.tables["traffic.csv"] = [told | {"year": str(year), "weekday_trucks": trucks} for year, trucks in years]
    tiny.tables["seasons.csv"] = [told | {"month": str(month), "index": index} for month in range(1, 13)]


def closes(tiny, *spans):
    """Let a calendar be shut from one month and day to another."""
    told = {"calendar": "always", "name": "summer", "basis": "assumption", "range_pct": "0", "source": "test"}
    names = ("from_month", "from_day", "to_month", "to_day")
    tiny.tables["shutdowns.csv"] = [told | dict(zip(names, span.split(), strict=True)) for span in spans]


CASES = {
    "expedited without a way": (
        lambda t: [row.update(expedite="") for row in t.tables["lanes.csv"]] and t.set("lanes.csv", 3, expedite="yes"),
        "lanes.csv row 3, column expedite: no team_truck or air route leads from 'supplier/juarez' to 'plant/lansing'. "
        "Add one to routes.csv.",
    ),
    "expedited on a milk run": (
        lambda t: (
            rides(t, {3: "morning"}),
            [row.update(expedite="") for row in t.tables["lanes.csv"]],
            t.set("lanes.csv", 3, expedite="yes"),
            [twin(t, "routes.csv", row, mode="team_truck") for row in (4, 5)],
        ),
        "lanes.csv row 3, column expedite: is 'yes', but the lane's loads share trucks. Leave it or milk_run empty.",
    ),
    "expedited to a market": (
        lambda t: (
            [row.update(expedite="") for row in t.tables["lanes.csv"]],
            t.set("lanes.csv", 4, expedite="yes"),
            twin(t, "routes.csv", 6, mode="team_truck"),
        ),
        "lanes.csv row 4, column expedite: is 'yes', but nobody waits for vehicles at a market. Leave it empty.",
    ),
    "aircraft over a bridge": (
        lambda t: [twin(t, "routes.csv", row, mode="air") for row in (4, 5)],
        "routes.csv row 7, column crossing: 'ysleta/us' is land_truck, which a air route cannot use.",
    ),
    "shutdown of an unknown calendar": (
        lambda t: (closes(t, "7 1 7 14"), t.set("shutdowns.csv", 2, calendar="allways")),
        "shutdowns.csv row 2, column calendar: no calendar named 'allways'. Did you mean 'always'?",
    ),
    "shutdown on days that are none": (
        lambda t: closes(t, "2 30 6 31"),
        "shutdowns.csv row 2, column from_day: '30' is no day of month 2. Write 1 to 29.\n"
        "shutdowns.csv row 2, column to_day: '31' is no day of month 6. Write 1 to 30.",
    ),
    "shutdown told twice": (
        lambda t: closes(t, "7 1 7 14", "7 1 7 8"),
        "shutdowns.csv row 3: 'always, 7, 1' is already on row 2. Keep one of them.",
    ),
    "duplicate site": (
        lambda t: twin(t, "sites.csv", 2),
        "sites.csv row 6, column id: 'supplier/ohio' is already on row 2. Keep one of them.",
    ),
    "duplicate input": (
        lambda t: twin(t, "inputs.csv", 2),
        "inputs.csv row 4: 'supplier/juarez/harness, wire' is already on row 2. Keep one of them.",
    ),
    "unknown site": (
        lambda t: t.set("recipes.csv", 2, site="supplier/ohoi"),
        "recipes.csv row 2, column site: no site named 'supplier/ohoi'. Did you mean 'supplier/ohio'?",
    ),
    "unknown part": (
        lambda t: t.set("inputs.csv", 3, part="hraness"),
        "inputs.csv row 3, column part: no part named 'hraness'. Did you mean 'harness'?",
    ),
    "unknown calendar": (
        lambda t: t.set("recipes.csv", 2, calendar="allways"),
        "recipes.csv row 2, column calendar: no calendar named 'allways'. Did you mean 'always'?",
    ),
    "unknown crossing": (
        lambda t: t.set("routes.csv", 2, crossing="yselta/mx"),
        "routes.csv row 2, column crossing: no crossing named 'yselta/mx'. Did you mean 'ysleta/mx'?",
    ),
    "unknown recipe": (
        lambda t: t.set("schedules.csv", 2, recipe="plant/lansing/cars"),
        "schedules.csv row 2, column recipe: no recipe named 'plant/lansing/cars'. Did you mean 'plant/lansing/car'?",
    ),
    "site kind": (
        lambda t: t.set("sites.csv", 2, kind="plant"),
        "sites.csv row 2, column kind: 'plant' does not fit the id 'supplier/ohio'. Make them agree.",
    ),
    "no wage": (
        lambda t: t.set("sites.csv", 3, wage_usd_h="0"),
        "sites.csv row 3, column wage_usd_h: is 0. Write the average base wage in USD an hour.",
    ),
    "time zone": (
        lambda t: t.set("crossings.csv", 2, time_zone="America/Laredo"),
        "crossings.csv row 2, column time_zone: no time zone named 'America/Laredo'. "
        "Write an IANA name such as 'America/Detroit'.",
    ),
    "half a vehicle": (
        lambda t: t.set("parts.csv", 4, vehicle_class=""),
        "parts.csv row 4: 'car' is a vehicle by part_class and core_class but not by vehicle_class. Make them agree.",
    ),
    "no origin of materials": (
        lambda t: t.set("recipes.csv", 2, material_country=""),
        "recipes.csv row 2, column material_country: is empty although material_usd is 30.0. Write a country.",
    ),
    "metal without weight": (
        lambda t: t.set("recipes.csv", 2, steel_usd="4", steel_melt_country="US"),
        "recipes.csv row 2, column steel_kg: steel_usd and steel_kg must both be 0 or both above 0.",
    ),
    "metal without origin": (
        lambda t: t.set("recipes.csv", 2, aluminium_usd="4", aluminium_kg="2"),
        "recipes.csv row 2, column aluminium_smelt_country: is empty although aluminium_usd is 4.0. Write a country.",
    ),
    "schedule of a part": (
        lambda t: twin(t, "schedules.csv", 2, recipe=HARNESS),
        "schedules.csv row 3, column recipe: 'supplier/juarez/harness' does not make a vehicle. Remove the row.\n"
        "schedules.csv row 3, column recipe: no lane takes the vehicles of 'supplier/juarez/harness' to a market. "
        "Add one to lanes.csv.",
    ),
    "nobody makes it": (
        lambda t: (
            t.tables["parts.csv"].append(t.tables["parts.csv"][0] | {"id": "tape"}),
            t.tables["inputs.csv"].append({"recipe": HARNESS, "part": "tape", "quantity_per": "1", "cover_h": "8"}),
        ),
        "inputs.csv row 4, column part: nobody makes 'tape', an input of 'supplier/juarez/harness'. "
        "Add a recipe that makes it.\n"
        "inputs.csv row 4, column part: no lane brings 'tape' to 'supplier/juarez/harness'. Add one to lanes.csv.",
    ),
    "cycle": (
        lambda t: (
            t.tables["inputs.csv"].append({"recipe": WIRE, "part": "harness", "quantity_per": "1", "cover_h": "8"}),
            twin(
                t,
                "lanes.csv",
                3,
                id=f"{HARNESS}..{WIRE}",
                to_recipe=WIRE,
                to_site="supplier/ohio",
            ),
            twin(t, "routes.csv", 4, to_site="supplier/ohio"),
            twin(t, "routes.csv", 5, to_site="supplier/ohio"),
        ),
        "inputs.csv: the bill of materials has a cycle: harness <- wire <- harness. Remove one of these inputs.",
    ),
    "part in itself": (
        lambda t: (
            t.tables["inputs.csv"].append({"recipe": WIRE, "part": "wire", "quantity_per": "1", "cover_h": "8"}),
            twin(t, "lanes.csv", 2, id=f"{WIRE}..{WIRE}", to_recipe=WIRE, to_site="supplier/ohio"),
            twin(t, "routes.csv", 6, from_site="supplier/ohio", to_site="supplier/ohio"),
        ),
        "inputs.csv: the bill of materials has a cycle: wire <- wire. Remove one of these inputs.",
    ),
    "lane id": (
        lambda t: t.set("lanes.csv", 4, id=f"{HARNESS}..market/us"),
        "lanes.csv row 4, column id: 'supplier/juarez/harness..market/us' should be 'plant/lansing/car..market/us', "
        "its two ends.",
    ),
    "lane part": (
        lambda t: t.set("lanes.csv", 3, part="wire"),
        "lanes.csv row 3, column part: 'wire' is not what 'supplier/juarez/harness' makes. Write 'harness'.\n"
        "lanes.csv row 3, column part: 'wire' is not an input of 'plant/lansing/car'. "
        "Add it to inputs.csv or remove the lane.\n"
        "inputs.csv row 3, column part: no lane brings 'harness' to 'plant/lansing/car'. Add one to lanes.csv.",
    ),
    "lane site": (
        lambda t: t.set("lanes.csv", 3, to_site="supplier/juarez"),
        "lanes.csv row 3, column to_site: 'supplier/juarez' is not the site of 'plant/lansing/car'. "
        "Write 'plant/lansing'.\n"
        "lanes.csv row 3, column mode: no truck route leads from 'supplier/juarez' to 'supplier/juarez'. "
        "Add one to routes.csv.",
    ),
    "use of a lane": (
        lambda t: t.set("lanes.csv", 4, importer_country_use="production"),
        "lanes.csv row 4, column importer_country_use: 'production' does not fit this lane. Write 'sale'.",
    ),
    "input without lane": (
        lambda t: drop(t, "lanes.csv", 2),
        "inputs.csv row 2, column part: no lane brings 'wire' to 'supplier/juarez/harness'. Add one to lanes.csv.",
    ),
    "vehicle without market": (
        lambda t: drop(t, "lanes.csv", 4),
        "schedules.csv row 2, column recipe: no lane takes the vehicles of 'plant/lansing/car' to a market. "
        "Add one to lanes.csv.",
    ),
    "shares of a stock": (
        lambda t: t.set("lanes.csv", 3, share_pct="60"),
        "lanes.csv row 3, column share_pct: the shares of 'harness' into 'plant/lansing/car' (rows 3) add up to 60. "
        "Make them add up to 100.",
    ),
    "shares of markets": (
        lambda t: t.set("lanes.csv", 4, share_pct="90"),
        "lanes.csv row 4, column share_pct: the shares of 'plant/lansing/car' to its markets (rows 4) add up to 90. "
        "Make them add up to 100.",
    ),
    "lane without route": (
        lambda t: t.set("lanes.csv", 2, mode="rail"),
        "lanes.csv row 2, column mode: no rail route leads from 'supplier/ohio' to 'supplier/juarez'. "
        "Add one to routes.csv.",
    ),
    "gap in alternatives": (
        lambda t: t.set("routes.csv", 6, alternative="1"),
        "routes.csv row 6, column alternative: '1' leaves a gap. Number the alternatives of a route 0, 1, 2, ...",
    ),
    "gap in steps": (
        lambda t: t.set("routes.csv", 6, step="1"),
        "routes.csv row 6, column step: '1' leaves a gap. Number the steps of a route 0, 1, 2, ...",
    ),
    "wrong direction": (
        lambda t: t.set("routes.csv", 2, crossing="ysleta/us"),
        "routes.csv row 2, column crossing: 'ysleta/us' leaves MX, but the load is in US. Use the other direction.\n"
        "routes.csv row 3, column crossing: the route ends in US, but 'supplier/juarez' is in MX. Add a crossing.",
    ),
    "no crossing on the way": (
        lambda t: (drop(t, "routes.csv", 2), t.set("routes.csv", 2, step="0")),
        "routes.csv row 2, column crossing: the route ends in US, but 'supplier/juarez' is in MX. Add a crossing.",
    ),
    "crossing of another mode": (
        lambda t: t.set("crossings.csv", 2, kind="land_rail"),
        "routes.csv row 4, column crossing: 'ysleta/us' is land_rail, which a truck route cannot use.",
    ),
    "bond without entry": (
        lambda t: t.set("routes.csv", 4, movement="in_bond"),
        "routes.csv row 4, column movement: 'in_bond' at the last border would never be entered. "
        "Write 'entry' or 'temporary'.",
    ),
    "crossing without movement": (
        lambda t: t.set("routes.csv", 4, movement=""),
        "routes.csv row 4, column movement: and crossing must both be written or both be empty.",
    ),
    "route ends at a crossing": (
        lambda t: drop(t, "routes.csv", 3),
        "routes.csv row 2, column crossing: 'ysleta/mx' ends the route. Add the step that leads on from it.",
    ),
    "crossing id": (
        lambda t: t.set("crossings.csv", 2, port="zaragoza"),
        "crossings.csv row 2, column id: 'ysleta/us' should be 'zaragoza/us', its port and where it leads.",
    ),
    "crossing hours": (
        lambda t: t.set("crossings.csv", 2, open_hour="8", close_hour="6"),
        "crossings.csv row 2, column close_hour: '6' is before open_hour 8. Write a later hour.",
    ),
    "queue without booths": (
        lambda t: t.set("crossings.csv", 2, booths_standard="0"),
        "crossings.csv row 2, column booths_standard: is 0, but trucks queue here. Write a number above 0.",
    ),
    "far side of a land port": (
        lambda t: t.set("crossings.csv", 2, from_country=""),
        "crossings.csv row 2, column from_country: is empty. Only a sea port or an airport is reached from any "
        "country.",
    ),
    "shift backwards": (
        lambda t: t.set("calendars.csv", 2, from_hour="14", to_hour="6"),
        "calendars.csv row 2, column to_hour: '6.0' is not after from_hour 14.0. Split at midnight.",
    ),
    "shifts overlap": (
        lambda t: twin(t, "calendars.csv", 2, from_hour="6", to_hour="14"),
        "calendars.csv row 9, column from_hour: overlaps row 2 of calendar 'always'.",
    ),
    "no milk runs at all": (
        lambda t: (
            [row.update(milk_run="dawn") for row in t.tables["lanes.csv"][:2]]
            and t.tables["lanes.csv"][2].update(milk_run="")
        ),
        "lanes.csv row 2, column milk_run: no milk run named 'dawn'. None is defined: add it to milk_runs.csv.\n"
        "lanes.csv row 3, column milk_run: no milk run named 'dawn'. None is defined: add it to milk_runs.csv.",
    ),
    "unknown milk run": (
        lambda t: rides(t, {2: "mornign"}),
        "lanes.csv row 2, column milk_run: no milk run named 'mornign'. Did you mean 'morning'?",
    ),
    "departure told twice": (
        lambda t: (rides(t, {}), twin(t, "milk_runs.csv", 2)),
        "milk_runs.csv row 4: 'morning, 0, 6.0' is already on row 2. Keep one of them.",
    ),
    "milk run in two zones": (
        lambda t: (rides(t, {}), t.set("milk_runs.csv", 3, time_zone="America/Chicago")),
        "milk_runs.csv row 3, column time_zone: 'America/Chicago' differs from row 2 of milk run 'morning'.",
    ),
    "time zone of a milk run": (
        lambda t: (rides(t, {}), drop(t, "milk_runs.csv", 3), t.set("milk_runs.csv", 2, time_zone="Ohio")),
        "milk_runs.csv row 2, column time_zone: no time zone named 'Ohio'. "
        "Write an IANA name such as 'America/Detroit'.",
    ),
    "milk run by rail": (
        lambda t: (
            rides(t, {2: "morning"}),
            t.set("lanes.csv", 2, mode="rail"),
            [t.set("routes.csv", row, mode="rail") for row in (2, 3)],
            t.set("crossings.csv", 3, kind="land_rail"),
        ),
        "lanes.csv row 2, column mode: 'rail' cannot be part of milk run 'morning'. "
        "Write 'truck' or leave milk_run empty.",
    ),
    "milk run on different routes": (
        lambda t: rides(t, {2: "morning", 3: "morning"}),
        "lanes.csv row 3, column milk_run: 'morning' goes from 'supplier/ohio' to 'supplier/juarez' (row 2), and no "
        "equal routes lead from 'supplier/juarez' to 'plant/lansing'. Give them the same steps, or the lane another "
        "run.",
    ),
    "traffic of an unknown crossing": (
        lambda t: (counted(t), t.set("traffic.csv", 2, crossing="yselta/us")),
        "traffic.csv row 2, column crossing: no crossing named 'yselta/us'. Did you mean 'ysleta/us'?",
    ),
    "year told twice": (
        lambda t: counted(t, ((2017, "1000"), (2017, "1100"))),
        "traffic.csv row 3: 'ysleta/us, 2017' is already on row 2. Keep one of them.",
    ),
    "traffic without booths": (
        lambda t: (
            counted(t),
            t.set("crossings.csv", 2, kind="land_rail", booths_standard="0"),
            [t.set("routes.csv", row, mode="rail") for row in (4, 5)],
            t.set("lanes.csv", 3, mode="rail"),
            drop(t, "traffic.csv", 3),
            t.tables["seasons.csv"].clear(),
            t.tables.pop("seasons.csv"),
        ),
        "traffic.csv row 2, column crossing: 'ysleta/us' has no booths, so that nobody queues there. Remove the row.",
    ),
    "season of ten months": (
        lambda t: (counted(t), drop(t, "seasons.csv", 13), drop(t, "seasons.csv", 3)),
        "seasons.csv row 2, column month: 'ysleta/us' lacks months 2, 12. Give all twelve.",
    ),
    "season that adds trucks": (
        lambda t: counted(t, index="1.05"),
        "seasons.csv row 2, column index: the indices of 'ysleta/us' are 1.050 in the mean. Divide them by it.",
    ),
    "month out of the year": (
        lambda t: (counted(t), t.set("seasons.csv", 13, month="13")),
        "seasons.csv row 13, column month: '13' is too large. Write a whole number from 1 to 12.",
    ),
    "two zones": (
        lambda t: t.set("calendars.csv", 3, time_zone="America/Toronto"),
        "calendars.csv row 3, column time_zone: 'America/Toronto' differs from row 2 of calendar 'always'.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_defect_is_told(tiny, name):
    spoil, expected = CASES[name]
    spoil(tiny)
    assert "\n".join(str(problem) for problem in check_network(tiny.write())) == expected


def test_recipe_whose_id_is_not_its_site_and_part(tiny):
    tiny.set("recipes.csv", 2, id="supplier/ohio/cable")
    tiny.set("lanes.csv", 2, from_recipe="supplier/ohio/cable", id=f"supplier/ohio/cable..{HARNESS}")
    assert [str(problem) for problem in check_network(tiny.write())] == [
        "recipes.csv row 2, column id: 'supplier/ohio/cable' should be 'supplier/ohio/wire', its site and its part."
    ]


def test_several_defects_are_told_together(tiny):
    tiny.set("lanes.csv", 3, share_pct="60")
    tiny.set("routes.csv", 4, movement="in_bond")
    tiny.set("sites.csv", 3, wage_usd_h="0")
    assert [str(problem).split(":")[0] for problem in check_network(tiny.write())] == [
        "sites.csv row 3, column wage_usd_h",
        "lanes.csv row 3, column share_pct",
        "routes.csv row 4, column movement",
    ]
