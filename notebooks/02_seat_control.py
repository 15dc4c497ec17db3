# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How many borders does a seat control really cross, and what would a duty at each of them cost?
#
# That parts of a car cross the border eight times has become a slogan. In February 2017 Bloomberg followed one part from
# stop to stop: a capacitor that becomes part of a circuit board, the board part of a seat control, the control part of a
# seat, the seat part of a car. The network `seat_control` holds that journey and others that reporters
# and banks traced; the page behind each is named in its `SOURCES.md`. Counts are as they were told. Costs are estimates:
# read percentages rather than dollars.
#
# Few replications keep it short: `SIM_REPLICATIONS=20` gives intervals.

# %%
import os
from pathlib import Path
from tempfile import gettempdir

import sim
from sim.customs import assess, planned_flow
from sim.network import load_journeys
from sim.network.graph import journey, most_crossed_path
from sim.replication import prepare
from sim.report.journey_figure import Border, Climb, borders_and_duty
from sim.report.passport_figure import passport
from sim.study.explain import replay

REPLICATIONS = int(os.environ.get("SIM_REPLICATIONS", "1"))
OUT = Path(os.environ.get("SIM_OUT", Path(gettempdir()) / "nafta-sim-notebook"))

# %% [markdown]
# ## Counting borders
#
# A leg between Mexico and Canada passes two borders, a sea leg one. Not every border is an entry: goods go through a
# country in bond, or come in for a while to be worked on and leave again.

# %%
network = sim.load_network("seat_control")
journeys = load_journeys("seat_control")


def passed(lanes):
    """Every border along a chain of lanes."""
    steps = [step for lane in lanes for step in network.routes_of(network.lanes[lane])[0].steps if step.crossing]
    return [Border(network.crossings[step.crossing].to_country, step.movement) for step in steps]


for (name, branch), lanes in journeys.items():
    found = journey(network, lanes)
    entries = sum(found.dutiable.values())
    print(f"{name} {branch:20} {found.physical} borders, {entries} entries for use, {found.distance_km:8,.0f} km")

# %% [markdown]
# The longest of all paths in the network, on to the buyer of the car, is the seat control's own:

# %%
path, count = most_crossed_path(network)
for lane in path:
    into = ", ".join(f"{border.into} ({border.movement})" for border in passed([lane])) or "no border"
    print(f"{network.parts[network.lanes[lane].part].name:28} {into}")
SAID = 8  # the slogan
entries = sum(border.movement == "entry" for border in passed(path))
distance = journey(network, path).distance_km
print(f"\n{count} borders where {SAID} are spoken of, {entries} of them entries for use; {distance:,.0f} km.")

# %% [markdown]
# ## What each crossing costs
#
# Four scenarios of the study `crossings` let every crossing inside North America cost nothing, 2.5, 10 or 25 % of full
# value. One planned load a lane shows what one seat control owes at each border: once it sits in a seat or a car, the
# part of their duty that falls on its share of their value.

# %%
RATES = {"crossings_free": 0.0, "crossings_2_5": 0.025, "crossings_10": 0.10, "crossings_25": 0.25}
CONTROL = "seat_actuator"  # the part that is followed once it is finished
made = next(place for place, lane in enumerate(path) if network.lanes[lane].part == CONTROL)


def followed(name):
    """Value of the control when it leaves on each lane, duty included, and the duty that it owes on that lane."""
    scenario = sim.load(name)
    ready = prepare(scenario)
    flow = planned_flow(ready.network, scenario.start)
    found = assess(flow, ready.network, ready.law, ready.decisions.claims, ready.parameters)
    values, duties = [], []
    for place, lane in enumerate(path):
        node = flow.lane_ids.index(lane)
        price, paid = found.unit.price[node], found.unit.duty()[node] - found.unit.duty(landed=False)[node]
        value = price if place <= made else values[-1] + duties[-1]
        values.append(value)
        duties.append(paid * value / price)
    return values, duties


controls = {name: followed(name) for name in RATES}

# %% [markdown]
# The closed form of duty on duty takes the value that is added before each dutiable border, $v_n$, and a rate $t$:
#
# $$p_n = (p_{n-1} + v_n)(1 + t)$$
#
# Were all value there before the first of $n$ borders, a duty would grow to $(1 + t)^n - 1$.

# %%
free_values, _ = controls["crossings_free"]
borders = [border for lane in path for border in passed([lane])]
WORTH = free_values[-1]  # of a finished control, without duty


def climb(name):
    """Duty so far after each border, in percent of the control's worth: as assessed, and by the closed form."""
    _, duties = controls[name]
    assessed, formula, owed, before, price = [], [], 0.0, 0.0, 0.0
    for lane, value, duty in zip(path, free_values, duties):
        for border in passed([lane]):
            if border.movement == "entry" and duty:
                owed += duty
                price, before = (price + value - before) * (1 + RATES[name]), value
            assessed.append(100 * owed / WORTH)
            formula.append(100 * (price - before) / WORTH)
    return Climb(f"{100 * RATES[name]:g} %", assessed, formula)


climbs = [climb(name) for name in RATES if RATES[name]]
paying = sum(duty > 0 for duty in controls["crossings_25"][1])
for name, found in zip([name for name in RATES if RATES[name]], climbs):
    rate, most = RATES[name], max(abs(a - b) for a, b in zip(found.found, found.closed_form))
    steps = [after - before for before, after in zip([0.0, *found.found], found.found)]
    print(f"{found.title:>6} at each border: " + " ".join(f"{step:+6.2f}" for step in steps) + " % of its worth")
    print(
        f"        in all {found.found[-1]:.2f} %, by the closed form {found.closed_form[-1]:.2f} "
        f"(at most {most:.2f} apart on the way); were all value there before the first of the {paying} "
        f"borders that charge {100 * ((1 + rate) ** paying - 1):.1f}"
    )
print(f"\n{paying} of {count} borders charge. The others:")
for lane, duty in zip(path, controls["crossings_25"][1]):
    for border in passed([lane]):
        if border.movement != "entry" or not duty:
            why = {"temporary": "a temporary import", "in_bond": "in bond", "entry": "an entry from overseas, free"}
            print(f"    {network.parts[network.lanes[lane].part].name} into {border.into}: {why[border.movement]}")
late = 100 * (1 - free_values[made - 1] / WORTH)
print(f"{late:.0f} % of the control's worth is added at its last stage and meets only the borders after it.")

# %% [markdown]
# ## What it costs a vehicle
#
# The same four scenarios simulated, queues and stocks included:

# %%
scenarios = [sim.load(name) for name in RATES]
study = sim.run(scenarios, replications=REPLICATIONS, jobs=1, out=OUT / f"seat_control_{REPLICATIONS}")
level = study.compare("cost_per_vehicle_usd", item="total")
for row in level:
    rise = 100 * row.difference / level[0].mean
    print(f"{row.scenario:16} {row.mean:10,.0f} USD a vehicle, {row.difference:+8,.0f}: {rise:+5.1f} %")

# %% [markdown]
# The mean hides where vehicles are built. One that crosses a border when it is finished pays on its full value:

# %%
changes = {}
for vehicle in study.vehicles():
    rows = study.compare("cost_per_vehicle_usd", vehicle, "total")
    changes[vehicle] = 100 * rows[-1].difference / rows[0].mean
for vehicle, rise in sorted(changes.items(), key=lambda item: -item[1]):
    recipe = network.recipes[vehicle]
    country, most = network.sites[recipe.site].country, most_crossed_path(network, vehicle)[1]
    print(f"{vehicle:40} {country}  {rise:+5.1f} % at {climbs[-1].title}, at most {most} borders on a path to it")

# %% [markdown]
# ## One load on its way
#
# A load of capacitors is under way for months: the sea, stocks, one more stage, the next stock. A run of 20 weeks at 10 %
# is long enough to follow one from its order to the buyer of the car that it ends in.

# %%
WEEK_S = 7 * 24 * 3600
long_run = sim.load("crossings_10").with_(name="crossings_10_long", baseline="", run_s=20 * WEEK_S)
again = replay(sim.run(long_run, replications=1, jobs=1, out=OUT))
records = (again.passport(path[0], number) for number in range(10))
record = next(x for x in records if x["crossings"] == count and x["rows"][-1]["event"] == "market")
stays = [row for row in record["rows"] if row["event"] == "crossing"]
for row in stays:
    print(f"{row['time'][:10]}  {row['place']:24} {row['hours']:6.1f} h")
days = (record["rows"][-1]["hours_since_start"] - record["rows"][0]["hours_since_start"]) / 24
waited = sum(row["hours"] for row in stays) / 24
print(f"{days:.0f} days from the order to the buyer, {waited:.1f} of them at borders and ports")

# %% [markdown]
# Most of the time goes by in stocks and at sea; borders on land take hours:

# %%
passport(record, "scenario crossings_10, run for 20 weeks, replication 0; network seat_control")

# %% [markdown]
# ## The answer in one picture
#
# Left: the borders of each journey, the longest first. Right: what a duty at every border would add to the seat control,
# border by border, and what the closed form says.

# %%
FOLLOWED = "Seat control, to the buyer of the car"
shown = {FOLLOWED: passed(path)}
for (name, branch), lanes in sorted(journeys.items(), key=lambda item: (-len(passed(item[1])), item[0])):
    first = network.parts[network.lanes[lanes[0]].part].name
    where = f", {branch.split('_')[0].upper()}" if branch.endswith("_branch") else ""
    shown[f"{name}{where}: {first}"] = passed(lanes)
worst = climbs[-1]
print(f"{count} borders, of which {paying} would charge; together {worst.found[-1]:.0f} % of its worth at {worst.title}.")
source = "network seat_control: journeys as reported, costs estimated; planned loads; closed form p = (p + v)(1 + t)"
borders_and_duty(shown, FOLLOWED, climbs, source, SAID)
