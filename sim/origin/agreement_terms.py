"""What an agreement says of every good: tolerances, value of materials, accumulation, designation; as exact shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sim.errors import LawError, nearest
from sim.law import Law
from sim.origin.finding import Finding
from sim.origin.good import Material
from sim.references import Reference
from sim.units import PPM

_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """General terms of an agreement on a day; all empty where no agreement is asked.

    Parameters
    ----------
    parties : tuple of str
        Countries of the region.
    de_minimis : Fraction, optional
        Share of value that may miss the change of classification.
    de_minimis_base : str
        ``either``: transaction value or total cost, as the producer chooses; ``transaction_value_first``: total cost
        only where no acceptable price is known.
    value_waiver : bool
        Whether content is not asked where all non-originating materials lie within the tolerance.
    material_value : str
        ``additions``: freight, duties, brokerage and waste are added to the value of a material; ``deductions``: they
        may be taken off where the value holds them and papers prove them.
    accumulation_by_net_cost_only : bool
        Whether a good that counts a supplier's production must use net cost.
    intermediate_limit : bool
        Whether of nested self-made materials with a value rule only one may be designated.
    intermediate_barred : tuple of str
        Components that may not be designated.
    recovered_originate : bool
        Whether recovered materials of remanufactured goods originate.
    weight_minimis, elastomeric : Fraction, optional
        Shares of weight for textiles.
    weight_codes, same_subheading_codes : tuple of str
        Goods whose tolerance goes by weight; goods where it asks another subheading of the material.
    set_share : Fraction, optional
        Share of the value of a set that may be non-originating.
    interest_limit : Fraction, optional
        Interest above the government's by more than this is not allowable, as a share of one.
    related_sales : Fraction, optional
        Share of sales to related persons above which net cost must be used.
    references : mapping of str to Reference
        The provision behind each of them.
    """

    agreement: str = ""
    on: dt.date | None = None
    parties: tuple[str, ...] = ()
    de_minimis: Fraction | None = None
    de_minimis_base: str = "either"
    value_waiver: bool = False
    material_value: str = "deductions"
    accumulation_by_net_cost_only: bool = False
    intermediate_limit: bool = False
    intermediate_barred: tuple[str, ...] = ()
    recovered_originate: bool = True
    weight_minimis: Fraction | None = None
    elastomeric: Fraction | None = None
    weight_codes: tuple[str, ...] = ()
    same_subheading_codes: tuple[str, ...] = ()
    set_share: Fraction | None = None
    interest_limit: Fraction | None = None
    related_sales: Fraction | None = None
    references: Mapping[str, Reference] = field(default_factory=dict)

    def reference(self, name: str) -> Reference | None:
        """The provision behind a term, by the field of the law or its stem."""
        keys = (name, f"{name}_ppm", f"{name}_bp", f"{name}_by_net_cost_only")
        return next((self.references[key] for key in keys if key in self.references), None)


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Context:
    """What a test may ask besides the facts: the terms, and whether a material originates by its own rule.

    Parameters
    ----------
    judge : callable
        Tests a material as a good, by its own facts; None where it has no rule or no facts of its own.
    asks_value : callable
        Whether the own rule of a material asks a regional value content.
    """

    terms: Terms
    judge: Callable[[Material], Finding | None]
    asks_value: Callable[[Material], bool]


def share_of(ppm: int) -> Fraction | None:
    """Parts per million as a share of one; None for 0, which the law files use for "no such test"."""
    return Fraction(ppm, PPM) if ppm else None


def terms_of(law: Law, agreement: str, on: dt.date) -> Terms:
    """The terms of an agreement on a day.

    Raises
    ------
    LawError
        No such agreement, or a value is missing for the day.
    """
    if agreement not in law.agreements:
        message = f"no agreement named '{agreement}'. {nearest(agreement, law.agreements, 'agreements')}"
        raise LawError("law", [message])
    if not law.agreements[agreement].in_force(on):
        raise LawError(law.agreements[agreement].path, [f"is not in force on {on}, so it gives no origin that day."])
    general = law.agreements[agreement].general(on)
    return Terms(
        agreement=agreement,
        on=on,
        parties=law.agreements[agreement].parties,
        de_minimis=share_of(general.de_minimis_ppm),
        de_minimis_base=general.de_minimis_base,
        value_waiver=general.value_waiver,
        material_value=general.material_value,
        accumulation_by_net_cost_only=general.accumulation_by_net_cost_only,
        intermediate_limit=general.intermediate_limit,
        intermediate_barred=general.intermediate_barred,
        recovered_originate=general.recovered_originate,
        weight_minimis=share_of(general.weight_minimis_ppm),
        elastomeric=share_of(general.elastomeric_ppm),
        weight_codes=general.weight_minimis_codes,
        same_subheading_codes=general.same_subheading_codes,
        set_share=share_of(general.set_ppm),
        interest_limit=Fraction(general.interest_limit_bp, _BASIS_POINTS),
        related_sales=share_of(general.related_sales_ppm),
        references=general.references,
    )
