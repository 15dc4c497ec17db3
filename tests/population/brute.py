"""The population counted maker by maker on a grid of quantiles: another way to the same figures."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta, norm

from sim.population.assumptions import Assumptions


def count_makers(
    tau_d: float,
    rule: float,
    assumed: Assumptions,
    elsewhere: tuple[float, float] | None = None,
    counts: tuple[int, int] = (1500, 400),
) -> dict[str, float]:
    """Figures of `sim.population.summary.Summary`, in percent, from every maker's own least cost."""
    theta, eta, kappa = assumed.theta, assumed.eta, assumed.kappa
    ladder = [(np.arange(n) + 0.5) / n for n in counts]
    delta = np.exp(assumed.mu + assumed.sigma * norm.ppf(ladder[0]))[None, :]
    share = assumed.alpha_mean * np.ones(1) if assumed.alpha_fixed else beta.ppf(ladder[1], *assumed.alpha_shapes)
    alpha = share[:, None] * np.ones_like(delta)
    k = 1 + 1 / theta

    def freely(x):
        return x**theta / (1 + x**theta)

    def cheapest(x):
        return (1 + x**-theta) ** (-1 / theta)

    free = freely(delta) * np.ones_like(alpha)
    needed = np.maximum((rule - alpha) / (1 - alpha), 1e-9)
    bound = needed > free
    odds = ((1 / needed - 1) / delta) ** (theta / (1 + theta))
    chi = np.where(bound, 1 / (1 + odds), free)
    dearer = np.where(bound, (chi**k + delta * (1 - chi) ** k) / cheapest(delta), 1.0)
    comply = dearer ** (1 - alpha)
    costs = [comply, np.full_like(comply, tau_d)]
    weighed = [dearer if assumed.printed_condition else comply, costs[1]]
    kept = np.ones_like(bound)
    if elsewhere:
        leaving = elsewhere[1] * (kappa * cheapest(delta / kappa**2) / cheapest(delta)) ** (1 - alpha)
        costs += [np.full_like(comply, elsewhere[0]), leaving]
        weighed += costs[2:]
        kept = leaving >= 1
    choice = np.argmin(np.stack(weighed), axis=0)  # ties: comply, then pay at home
    price = np.choose(choice, costs) ** (1 - alpha)
    charge = np.choose(choice, [1.0, tau_d, *(elsewhere or (1.0, 1.0))])
    sold = np.where(choice == 0, price, charge) ** -eta
    outside = freely(delta / kappa**2) * np.ones_like(alpha)
    lam = np.select([choice == 3, (choice == 0) & bound], [outside, needed], free)
    used = np.select([choice == 3, (choice == 0) & bound], [outside, chi], free) / free
    whole = kept.mean() or 1.0

    def mean(values):
        return float((values * kept).mean() / whole)

    index = (mean(price ** (1 - eta)) or 1.0) ** (1 / (1 - eta))
    return {
        "kept": 100 * float(kept.mean()),
        "content": 100 * mean(alpha + (1 - alpha) * lam),
        "free": 100 * mean((choice == 0) & ~bound),
        "constrained": 100 * mean((choice == 0) & bound),
        "pay": 100 * mean(choice == 1),
        "pay_from_member": 100 * mean(choice == 2),
        "outside": 100 * mean(choice == 3),
        "price": 100 * (index - 1),
        "surplus": 100 * (index ** (1 - eta) - 1),
        "parts": 100 * (mean(used) - 1),
        "parts_jobs": 100 * (mean(sold * used) - 1),
        "sold": 100 * (mean(sold) - 1),
    }
