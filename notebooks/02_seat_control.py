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
from sim.answers.crossed import borders_of, climb, follow, stage_of, why_free
from sim.network import load_journeys
from sim.network.graph import journey, most_crossed_path
from sim.report.journey_figure import borders_and_duty
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

for (name, branch), lanes in journeys.items():
    found = journey(network, lanes)
    entries = sum(found.dutiable.values())
    print(f"{name} {branch:20} {found.physical} borders, {entries} entries for use, {found.distance_km:8,.0f} km")

# %% [markdown]
# The longest of all paths in the network, on to the buyer of the car, is the seat control's own:

# %%
path, count = most_crossed_path(network)
for lane in path:
    into = ", ".join(f"{border.into} ({border.movement})" for border in borders_of(network, [lane])) or "no border"
    print(f"{network.parts[network.lanes[lane].part].name:28} {into}")
SAID = 8  # the slogan
entries = sum(border.movement == "entry" for border in borders_of(network, path))
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
controls = {name: follow(sim.load(name), path, CONTROL) for name in RATES}
free, dear = controls["crossings_free"], controls["crossings_25"]

# %% [markdown]
# The closed form of duty on duty takes the value that is added before each dutiable border, $v_n$, and a rate $t$:
#
# $$p_n = (p_{n-1} + v_n)(1 + t)$$
#
# Were all value there before the first of $n$ borders, a duty would grow to $(1 + t)^n - 1$.

# %%
climbs = [climb(network, path, free, controls[name], rate) for name, rate in RATES.items() if rate]
for found in climbs:
    steps = [after - before for before, after in zip([0.0, *found.found], found.found)]
    print(f"{found.title:>6} at each border: " + " ".join(f"{step:+6.2f}" for step in steps) + " % of its worth")

# %%
paying = dear.paying()
for rate, found in zip([rate for rate in RATES.values() if rate], climbs):
    apart = max(abs(a - b) for a, b in zip(found.found, found.closed_form))
    print(f"{found.title:>6}: {found.found[-1]:.2f} %, by the closed form {found.closed_form[-1]:.2f} %", end="")
    print(f" (at most {apart:.2f} apart on the way);")
    print(
        f"        were all value there before the first of {paying} borders: {100 * ((1 + rate) ** paying - 1):.1f} %"
    )

# %%
print(f"{paying} of {count} borders charge. The others:")
for lane, duty in zip(path, dear.duties):
    for border in borders_of(network, [lane]):
        if border.movement != "entry" or not duty:
            print(f"    {network.parts[network.lanes[lane].part].name} into {border.into}: {why_free(border)}")
late = 100 * (1 - free.values[stage_of(network, path, CONTROL) - 1] / free.values[-1])
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
shown = {FOLLOWED: borders_of(network, path)}
for (name, branch), lanes in sorted(journeys.items(), key=lambda item: (-len(borders_of(network, item[1])), item[0])):
    first = network.parts[network.lanes[lanes[0]].part].name
    where = f", {branch.split('_')[0].upper()}" if branch.endswith("_branch") else ""
    shown[f"{name}{where}: {first}"] = borders_of(network, lanes)

# %%
worst, last = climbs[-1], climbs[0]
print(f"The control passes {count} borders on its way to the buyer of the car, and {paying} of them would charge.")
print(f"A duty of {worst.title} at each adds {worst.found[-1]:.1f} % of its worth, ", end="")
print(f"one of {last.title} adds {last.found[-1]:.1f} %.")
source = "network seat_control: journeys as reported, costs estimated; planned loads; closed form p = (p + v)(1 + t)"
borders_and_duty(shown, FOLLOWED, climbs, source, SAID)
