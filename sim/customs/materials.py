"""Materials: average values of a good and of what went into it, as a rule of origin asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PLACES = ("US", "CA", "MX", "overseas")


@dataclass(frozen=True, slots=True)
class Materials:
    """Average values of one unit of a good and of what went into it, US dollars.

    Parameters
    ----------
    price : float
        Ex-works value.
    net_cost : float
        Costs of making it, purchased materials with their freight and duties included.
    traced : float
        Listed materials imported from outside the region, at their value on import, through every tier.
    non_originating : float
        Acquired materials that do not originate, at their full price (roll-down); nothing for those that do
        (roll-up).
    unshifted : float
        The part of it classified in the good's own heading.
    core_net_cost, core_foreign : float
        Net cost of all core parts inside, and the foreign materials in them.
    core_failing : float
        Full price of the core parts among `non_originating`.
    core_fails : bool
        Whether a core part inside does not originate by itself.
    by_place : mapping of str to float
        Value added by place: ``US``, ``CA``, ``MX``, ``overseas``.
    unshifted_chapter, unshifted_subheading : float
        As `unshifted`, for the good's chapter and subheading.
    core_listed : float
        The part of `core_foreign` that is listed components; materials bought outside the network are no components.
    core_failing_listed : float
        The part of `core_failing` in core parts that fail also when only listed components count as foreign.
    core_fails_listed : bool
        Whether there is such a core part inside.
    high_wage, high_wage_labour : float
        Materials made in high-wage plants at their full price, whatever their origin, also inside bought parts; and
        labour of the good's own plant if it is one.
    technology_ppm, assembly_ppm : float
        Labour value points that the producer has for technology wages and for high-wage assembly.
    knows_wages : bool
        Whether the network tells wages.
    steel, steel_regional, aluminium, aluminium_regional : float
        Metal in it, all tiers, and what of it was melted or smelted in the region.
    non_market : float
        Goods and materials from the economies that the rule of vehicles limits, at their price, through every tier.
    technology : float
        Wages of research and information technology at works of the region, through every tier; no part of net cost.

    Notes
    -----
    Materials bought outside the network count as made at low wages: nothing tells who made them.
    """

    price: float
    net_cost: float
    traced: float
    non_originating: float
    unshifted: float
    core_net_cost: float
    core_foreign: float
    core_failing: float
    core_fails: bool
    by_place: Mapping[str, float]
    unshifted_chapter: float = 0.0
    unshifted_subheading: float = 0.0
    core_listed: float = 0.0
    core_failing_listed: float = 0.0
    core_fails_listed: bool = True
    high_wage: float = 0.0
    high_wage_labour: float = 0.0
    technology_ppm: float = 0.0
    assembly_ppm: float = 0.0
    knows_wages: bool = True
    steel: float = 0.0
    steel_regional: float = 0.0
    aluminium: float = 0.0
    aluminium_regional: float = 0.0
    non_market: float = 0.0
    technology: float = 0.0

    def keeps(self, change: str) -> float:
        """Foreign material that fails a tariff change of ``chapter``, ``heading`` (also if empty) or ``subheading``."""
        if change == "chapter":
            return self.unshifted_chapter
        return self.unshifted_subheading if change == "subheading" else self.unshifted
