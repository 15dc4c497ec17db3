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
# # What would the NAFTA proposals of 2017 have done to a car that crosses the border again and again?
#
# In August 2017 the three countries began to renegotiate. The United States asked for 85 % regional content with half
# of each vehicle from the United States; others wanted the list of traced parts brought up to date; and withdrawal or a
# border tax was in the air. Each of these is a reform laid over the law of that day. This notebook runs them on a
# network of three assembly plants and looks at cost, borders and suppliers.
#
# Few replications keep it short: `SIM_REPLICATIONS=20` gives the intervals of the report.

# %%
import os
from pathlib import Path
from tempfile import gettempdir

import sim

REPLICATIONS = int(os.environ.get("SIM_REPLICATIONS", "2"))
OUT = Path(os.environ.get("SIM_OUT", Path(gettempdir()) / "nafta-sim-notebook"))

# %% [markdown]
# ## The scenarios
#
# A scenario is a frozen object; `with_` makes a changed copy. The same random numbers serve every scenario, so that what
# differs between two of them is the reform.

# %%
names = ["nafta_as_it_stood", "us_proposal_85_50", "border_tax_35", "nafta_withdrawal"]
scenarios = [sim.load(name) for name in names]
for scenario in scenarios:
    print(f"{scenario.name}: {scenario.question}")

# %%
scenarios[1]

# %% [markdown]
# ## Run them
#
# The first of several scenarios is the baseline. What has been computed before is not computed again.

# %%
study = sim.run(scenarios, replications=REPLICATIONS, out=OUT / f"renegotiation_{REPLICATIONS}")
study.table()

# %% [markdown]
# ## How sure is the difference?
#
# Differences are paired replication by replication; with two replications the intervals are wide.

# %%
for row in study.compare("cost_per_vehicle_usd", item="total"):
    half = "" if row.half_width_95 is None or row.scenario == study.baseline else f" ± {row.half_width_95:,.2f}"
    print(f"{row.scenario:24} {row.mean:12,.2f} USD  change {row.difference:+11,.2f}{half}")

# %% [markdown]
# Which vehicle is hit depends on where it is built:

# %%
print(f"{'USD a vehicle, change':28}" + "".join(f"{name:>20}" for name in names[1:]))
for vehicle in study.vehicles():
    changes = study.compare("cost_per_vehicle_usd", vehicle, "total")
    print(f"{vehicle:28}" + "".join(f"{row.difference:+20,.0f}" for row in changes[1:]))

# %% [markdown]
# ## Duty, content, borders

# %%
study.plot.duty_by_programme()

# %%
study.plot.content_thresholds()

# %%
study.plot.border_hours()

# %% [markdown]
# ## One part on its way
#
# The facts of replication 0 keep a few loads that were followed from the order to the market.

# %%
study.plot.passport()

# %% [markdown]
# ## Where the network is thin
#
# The suppliers are a graph. A chokepoint is a site, lane or crossing whose loss stops most vehicles; its hours of cover
# are how long the lines run on what lies in stock.

# %%
network = sim.load_network(scenarios[0].network)
print(network.to_networkx())
network

# %%
from sim.network.graph import chokepoints, most_crossed_path

print(f"{'':26} vehicles a day  hours of cover  another way")
for point in chokepoints(network, limit=8):
    way = "yes" if point.has_alternative else "no"
    print(f"{point.id:26} {point.vehicles_per_day:14.0f} {point.cover_h:15.1f}  {way}")

# %%
lanes, borders = most_crossed_path(network)
print(f"{borders} borders along:")
for lane in lanes:
    print("  ", lane)

# %%
study.plot.network_map()

# %% [markdown]
# ## The answer in one picture
#
# Cost per vehicle against NAFTA as it stood, component by component.

# %%
rows = study.compare("cost_per_vehicle_usd", item="total")[1:]
most, least = (pick(rows, key=lambda row: row.difference) for pick in (max, min))
print(f"{most.scenario} costs most, {most.difference:+,.0f} USD a vehicle; ", end="")
print(f"{least.scenario} costs least, {least.difference:+,.0f}.")
proposal = next(row for row in rows if row.scenario == "us_proposal_85_50")
share = 100 * proposal.difference / study.compare("cost_per_vehicle_usd", item="total")[0].mean
print(f"The content rule that the United States proposed comes to {share:.1f} % of what a vehicle costs.")
study.plot.cost_waterfall()
