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
# # What would a 35 % tax on cars built in Mexico add to their cost?
#
# A first run: one question against its baseline. In January 2017 a border tax of 35 % on cars from Mexico was
# threatened. The scenario `border_tax_35` lays it over the law of that year, on a network of three assembly plants that
# build for all three countries.
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
# ## The question
#
# A scenario is a small file, read into an object that does not change. It names its baseline, which is run with it.

# %%
scenario = sim.load("border_tax_35").with_(replications=REPLICATIONS)
scenario

# %% [markdown]
# ## Run it
#
# Every load, border passage and entry of some weeks is played, twice: as the law stood, and with the tax. Both have the
# same random numbers, so that what differs is the tax. What has been computed before is not computed again.

# %%
study = sim.run(scenario, out=OUT / f"first_run_{REPLICATIONS}")
study.table()

# %% [markdown]
# ## Where it falls
#
# The mean hides who pays. The tax is on cars from Mexico, not on pickups:

# %%
changes = {}
for vehicle in study.vehicles():
    base, taxed = study.compare("cost_per_vehicle_usd", vehicle, "total")
    changes[vehicle] = taxed.difference
    rise = 100 * taxed.difference / base.mean
    print(f"{vehicle:30} {base.mean:8,.0f} USD  {taxed.difference:+7,.0f}  {rise:+5.1f} %")

# %% [markdown]
# ## The answer in one picture
#
# Where the cost of a vehicle changes, component by component.

# %%
base, total = study.compare("cost_per_vehicle_usd", item="total")
_, duty = study.compare("cost_per_vehicle_usd", item="duty")
most = max(changes, key=lambda vehicle: changes[vehicle])
rise, rest = 100 * total.difference / base.mean, total.difference - duty.difference
print(f"The tax adds {total.difference:,.0f} USD to the mean vehicle ({rise:.1f} %): ", end="")
print(f"duty rises by {duty.difference:,.0f}, all else changes by {rest:+,.0f}.")
print(f"It falls on {sum(x > 0.5 for x in changes.values())} of {len(changes)} vehicles, ", end="")
print(f"most on {most}: {changes[most]:+,.0f} USD.")
study.plot.cost_waterfall()
