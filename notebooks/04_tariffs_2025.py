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
# # What did a harness, a pickup and a car owe at the United States' border on each day of 2025 and 2026?
#
# Tariffs on Canada and Mexico were announced, put off, collected for three days, lifted for goods that qualify under
# USMCA, joined by section 232 duties on vehicles and parts, told not to add up, and struck down in court. Here the law is
# asked for every single day: by the papers published on that day, and by all papers known now, some of which reach back.
#
# Few replications keep it short: `SIM_REPLICATIONS=20` gives intervals.

# %%
import datetime as dt
import os
from itertools import groupby
from pathlib import Path
from tempfile import gettempdir

import sim
from sim.replication.duty_days import duty_by_day
from sim.law import LineFacts
from sim.report.duty_time_figure import duty_over_time
from sim.report.tariff_figure import Charged, tariffs_by_day

REPLICATIONS = int(os.environ.get("SIM_REPLICATIONS", "1"))
OUT = Path(os.environ.get("SIM_OUT", Path(gettempdir()) / "nafta-sim-notebook"))

# %%
law = sim.load_law()
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2026, 7, 31)
days = [FIRST + dt.timedelta(k) for k in range((LAST - FIRST).days + 1)]

# %% [markdown]
# ## What was announced, paused, in force, ended
#
# Where each duty stood on a day, by what had been published on that day.

# %%
DUTIES = {
    "us/ieepa/mexico": "Emergency tariff, Mexico",
    "us/ieepa/canada": "Emergency tariff, Canada",
    "us/section_232/automobiles": "Section 232, automobiles",
    "us/section_232/automobile_parts": "Section 232, parts",
    "us/section_122": "Section 122",
}
LIVES = {path: law.history(path).vintages for path in DUTIES}


# %%
def standing(path, day):
    """The standing of a duty on a day, by the papers of that day."""
    now = law.by_path[path].state(day, day)
    if now is not None:
        return now.value.replace("_", " ")
    told = [x for x in LIVES[path] if x.published <= day and x.value == "in_force"]
    return "announced" if told else "unheard of"


# %%
standings = {title: [standing(path, day) for day in days] for path, title in DUTIES.items()}
for title, states in standings.items():
    print(title)
    for state, group in groupby(zip(states, days), key=lambda pair: pair[0]):
        own = [day for _, day in group]
        print(f"    {own[0]} to {own[-1]}  {state}")

# %% [markdown]
# ## What is charged
#
# Three goods, each once as one that qualifies under USMCA and claims it, and once as one that does not. Vehicles that
# qualify are of an approved model with 40 % content from the United States (assumption), which section 232 does not tax.
# Fees are left aside.

# %%
VALUE, US_CONTENT = 100.0, 40.0  # so that duties are percent of value
PICKUP = {"use": "vehicle", "vehicle_class": "light_truck", "model_approved": True}
CAR = {"use": "vehicle", "vehicle_class": "passenger", "model_approved": True}
GOODS = {
    "Wiring harness from Mexico (8544.30)": ("MX", "8544.30", {}),
    "Finished pickup from Mexico (8704.31)": ("MX", "8704.31", PICKUP),
    "Finished car from Canada (8703.23)": ("CA", "8703.23", CAR),
}
CASES = {"qualifies under USMCA": True, "does not qualify": False}


# %%
def line(origin, code, qualifies, **facts):
    claim = {"agreement": "usmca", "originating": True} if qualifies else {}
    return LineFacts("US", origin, origin, code, origin_marking=origin, **claim, **facts)


def charged(goods, day, known):
    """Each duty on a good, in percent of its value."""
    amounts = {"customs_value": [VALUE], "us_content": [US_CONTENT]}
    found = law.assess(goods, day, amounts, known)
    return {charge.programme: float(charge.amount[0]) for charge in found if charge.kind == "duty"}


# %%
then, later = {}, {}
for title, (origin, code, facts) in GOODS.items():
    for case, qualifies in CASES.items():
        goods = line(origin, code, qualifies, **facts)
        then[title, case] = [charged(goods, day, day) for day in days]
        later[title, case] = [charged(goods, day, None) for day in days]

# %%
for (title, case), daily in then.items():
    print(f"{title}, {case}")
    for duties, group in groupby(zip(daily, days), key=lambda pair: pair[0]):
        own = [day for _, day in group]
        parts = " + ".join(f"{rate:g} ({path})" for path, rate in duties.items()) or "free"
        print(f"    {own[0]} to {own[-1]}  {sum(duties.values()):5.1f} %  {parts}")

# %% [markdown]
# ## What was owed for a while only
#
# For some days vehicles that did not qualify owed one tariff on top of the other, until an order said which gives way,
# back to days before. Whoever entered then has overpaid:

# %%
for key, daily in then.items():
    apart = [k for k, duties in enumerate(daily) if duties != later[key][k]]
    if apart:
        paid, owed = (sum(series[key][apart[0]].values()) for series in (then, later))
        print(f"{', '.join(key)}: {days[apart[0]]} to {days[apart[-1]]}, {paid:g} % deposited, {owed:g} % owed")
refunds = [x for x in law.history("us/ieepa/refund/probability").vintages if x.value]
for x in refunds:
    chance = f"{x.value / 1e4:g} % (assumption)"
    print(f"Chance that an emergency tariff paid comes back, by the papers of {x.published}: {chance}")

# %% [markdown]
# ## Why?
#
# Every figure has an article behind it. A pickup of 30,000 USD that did not qualify, on a day on which all three duties
# were taken; `sim law` prints the same:

# %%
goods, day = line("MX", "8704.31", qualifies=False, **PICKUP), dt.date(2025, 4, 10)
for step in law.explain(goods, day, {"customs_value": [30_000_00]}, known=day).steps:
    if step.outcome == "charge":
        print(f"{step.arithmetic}\n    {step.heading}: {step.citation}")

# %% [markdown]
# ## What a vehicle bears
#
# All goods behind the mean vehicle of the network, when all goes to plan; firms claim a preference where it pays. The
# law is asked on each day on which one of these duties or charges changed, and on the first of each month, for what other
# programmes do:

# %%
told = [*standings.values(), *then.values()]
turns = {day for k, day in enumerate(days) if k and any(series[k] != series[k - 1] for series in told)}
turning = sorted({*turns, *(day for day in days if day.day == 1), LAST})
borne = duty_by_day(sim.load("tariffs_2025"), turning)
duty_over_time(turning, borne, f"network midsize, planned loads, papers of each day; law {law.digest[:12]}")

# %% [markdown]
# ## What it does to a vehicle
#
# February and March 2025 as they came, and had the pause of 3 February not been granted:


# %%
def compared(*names):
    """Simulate scenarios against the first, and tell the change in cost, and where it is borne."""
    study = sim.run(
        [sim.load(x) for x in names], replications=REPLICATIONS, jobs=1, out=OUT / f"tariffs_{REPLICATIONS}"
    )
    first, second = study.compare("cost_per_vehicle_usd", item="total")
    rise = 100 * second.difference / first.mean
    print(f"{second.scenario} against {first.scenario}: {second.difference:+,.0f} USD a vehicle ({rise:+.1f} %)")
    for vehicle in study.vehicles():
        base, other = study.compare("cost_per_vehicle_usd", vehicle, "total")
        print(f"    {vehicle:36} {base.mean:10,.0f}  {other.difference:+9,.0f} USD")
    return study


# %%
spring = compared("emergency_as_it_came", "emergency_unpaused")
spring.plot.duty_by_programme()

# %% [markdown]
# Late summer of 2025, without section 232 on vehicles and parts, and as it was:

# %%
summer = compared("without_232_on_vehicles", "tariffs_2025")
summer.plot.duty_by_programme()

# %% [markdown]
# ## The answer in one picture
#
# Above, where each duty stood by the papers of the day; below, what was charged. Every day on which something changes is
# marked.

# %%
panels = {
    title: [
        Charged(case, *([sum(duties.values()) for duties in series[title, case]] for series in (then, later)))
        for case in CASES
    ]
    for title in GOODS
}
for title, lines in panels.items():
    for one in lines:
        rates = f"at most {max(one.then):g} %, at last {one.then[-1]:g} %"
        print(f"{title}, {one.title}:\n    charged on {sum(map(bool, one.then))} of {len(days)} days, {rates}")

# %%
worst, title = max((max(one.then), title) for title, lines in panels.items() for one in lines)
print(f"The most that any of the three owed was {worst:g} % of its value: {title}.")
ended = next(k for k, state in enumerate(standings[DUTIES["us/ieepa/mexico"]]) if state == "ended")
moved = [title for title, lines in panels.items() if any(x.then[ended] != x.then[ended - 1] for x in lines)]
told = ", ".join(moved) or "none of these"
print(f"When the emergency tariffs ended on {days[ended]}, what is owed changed for: {told}.")
content = f"vehicles that qualify: {US_CONTENT:g} % content from the United States (assumption)"
tariffs_by_day(days, standings, panels, f"law as dated data, digest {law.digest[:12]}; {content}")
