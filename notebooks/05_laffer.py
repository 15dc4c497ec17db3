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
# # Can a stricter content rule lower regional content?
#
# A maker under a rule of origin has a choice that the rule's authors may forget: it can pay the duty. Those who comply
# buy more regional parts than they would; those who give up buy as they please. As the rule is tightened the first grow
# fewer and the second more, so that content rises, peaks and falls, like receipts along the Laffer curve of a tax. This is
# the model of K. Head, T. Mayer and M. Melitz, *The Laffer curve for rules of origin*, Journal of International Economics
# 150 (2024) 103911, https://doi.org/10.1016/j.jinteco.2024.103911.

# %%
import numpy as np

from sim.population import (
    Assumptions,
    labels_curve,
    laffer_curve,
    makers_behind,
    mover,
    outcome,
    shipped_weights,
    summarise,
    under_physical_rule,
    uniform,
)
from sim.report.laffer_figure import laffer_curves, relocation

# %% [markdown]
# ## One maker
#
# `delta` is the cost of foreign relative to regional parts. A maker takes regional parts where they are cheaper; a rule
# forces it beyond that, and each further part costs more. Where complying costs more than the duty, it pays; where
# assembling outside costs less than either, it leaves.

# %%
# The two firms of the article's figure 6, its theta, kappa and charges.
relocation([mover(0.6), mover(0.8)], "theta 4, duty 10 % at home and 20 % from outside, kappa 1.15")

# %% [markdown]
# ## Many makers, in closed form
#
# With lognormal `delta` and a duty of 10 %, the shares that pay, are constrained and are free, and mean regional parts:

# %%
# 50 % (assumption: a mild rule beside the others), NAFTA's 62.5 %, USMCA's 75 %, the United States' proposal of 85 %.
for rule in (0.5, 0.625, 0.75, 0.85):
    found = under_physical_rule(rule)
    print(f"{rule:6.1%}  pay {found.pay:.3f}  constrained {found.constrained:.3f}  free {found.free:.3f}", end="")
    print(f"  regional parts {found.mean_share:.3f}")

# %% [markdown]
# ## What the duty does to the peak
#
# With the paper's calibration, shares of assembly included: the lower the duty, the sooner makers give up.

# %%
paper = Assumptions()
# 1 % (assumption), of the United States on cars (HTS 8703) and on pickups (HTS 8704), between them about Canada's.
for duty in (0.01, 0.025, 0.06, 0.25):
    peak = laffer_curve(uniform(1 + duty), paper, rules=np.linspace(0, 1, 21)).peak()
    print(f"duty {duty:5.1%}: content peaks at a rule of {peak.rule_pct:.1f} %, at {peak.height:.1f} %")

# %% [markdown]
# ## The makers of North America
#
# What a maker would really pay depends on where it sells: nothing at home, 2.5 or 25 % in the United States (HTS 8703 and
# 8704), 6 % in Canada (Customs Tariff 8703, 6.1 %).
# The weights that come with the program are estimates; a file of one's own goes into `load_weights`.

# %%
weights = shipped_weights()
RULES = (0.625, 0.75, 0.85)
print("makers that pay, parts and jobs in the region (change), in percent, under rules of")
print(f"{'':10}" + "".join(f"{100 * rule:20g} %" for rule in RULES))
for kind, place in weights.groups():
    row = [summarise(outcome(weights, rule, paper), kind, place) for rule in RULES]
    print(f"{kind:7}{place:4}", "  ".join(f"{x.pay:6.1f} {x.parts:+6.1f} {x.total_jobs:+5.1f}" for x in row))

# %% [markdown]
# Pickups of Mexico and Canada, which would pay 25 %, comply with nearly anything; most cars of the United States are sold
# at home and have little to lose. When assembly may move, the same rules send plants away:

# %%
print("jobs, change in percent, under rules of")
print(f"{'':10}" + "".join(f"{100 * rule:8g} %" for rule in RULES))
for kind, place in weights.groups():
    row = [summarise(outcome(weights, rule, paper, "moving"), kind, place) for rule in RULES]
    print(f"{kind:7}{place:4}", "  ".join(f"{x.total_jobs:+7.1f}" for x in row))

# %% [markdown]
# ## The makers behind the labels
#
# Every car says on a label how much of its parts come from the United States and Canada, and from Mexico where that is 15 %
# or more. Each carline's content, under the rule of its day, tells something about its maker. The labels know nothing of
# assembly, count suppliers' parts whole and hide small Mexican shares: the curve is a likeness, not a measurement.

# %%
labels = labels_curve(makers_behind(weights, paper), paper)
peak = labels.peak()
print(f"content peaks at a rule of {peak.rule_pct:.1f} %, at {peak.height:.1f} %")

# %% [markdown]
# ## The answer in one picture
#
# The model lets far more makers pay than have been seen to, 8 % of the value of vehicles in 2023
# (https://eenews.net/articles/trade-report-shows-soaring-auto-tariffs-under-us-mexico-canada-pact); tightening may be
# easier than it says.

# %%
curves = [
    ("Estimated weights", laffer_curve(weights, paper)),
    ("The makers behind the labels", labels),
]
curve = curves[0][1]
nafta, usmca, proposed = (summarise(curve.at(rule, "all", "all")).content for rule in RULES)
print(f"Content is {nafta:.1f} % under NAFTA's 62.5 %, {usmca:.1f} % under USMCA's 75 %, {proposed:.1f} % under 85 %.")
print(f"It is highest under a rule of {curve.peak().rule_pct:.1f} %, for the makers behind the labels of ", end="")
print(f"{peak.rule_pct:.1f} %: beyond it a stricter rule lowers regional content.")
laffer_curves(curves, "shipped weights (estimates); content labels 2020-2026")
