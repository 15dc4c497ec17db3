"""What rules of origin ask about a good, and what they answer: the rule of a good and the general rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.references import Reference
from sim.units import PPM


@dataclass(frozen=True, slots=True)
class GoodFacts:
    """What a rule of origin asks about a good.

    Parameters
    ----------
    hts_code : str
        Tariff code as printed.
    vehicle_class : str
        ``passenger``, ``light_truck``, ``heavy_truck`` or ``bus`` for vehicles, empty otherwise.
    core_class : str, optional
        Place in the tables of the agreement: ``core``, ``principal``, ``complementary``, ``none``, ``vehicle``.
        None is "not stated": it is then derived from the code, and unresolved where a table lists only part of a code.
    use : str
        ``original_equipment``, ``aftermarket``, ``vehicle`` or ``other``.
    part_of : str
        Vehicles a part is made for: ``light``, ``heavy``, ``other`` (light vehicles outside the main rule),
        ``other_heavy``.
    importer : str
        Country of entry, where the reading of the agreement differs by country; empty for none in particular.
    regime : str
        ``standard``, or ``alternative_staging`` for an approved model.
    persons : str, optional
        Seats of a vehicle of heading 8702: ``up_to_15`` or ``16_or_more``.
    fuel : str
        ``diesel`` where it decides and the code does not tell; empty otherwise.
    special : str
        ``off_road``, ``all_terrain``, ``motor_home``, ``ambulance``, ``hearse``, ``prison_van``, ``motorcycle`` (three
        or four wheels) for a vehicle; ``chassis_frame`` or ``strut`` for a part; ``schedule_2`` for a good that the
        schedule names by part of its code; empty for an ordinary one.
    plant : str
        ``new_model`` (new plant), ``refit``, or empty.
    plant_since : date, optional
        Day of the first prototype in that plant.
    fiscal_year_begins : str
        Month and day the producer's fiscal year begins, such as ``10-01``.
    presentation : str
        ``unassembled``, ``with_its_parts`` (one subheading covers the good and its parts), or empty.
    """

    hts_code: str
    vehicle_class: str = ""
    core_class: str | None = "none"
    use: str = "original_equipment"
    part_of: str = "light"
    importer: str = ""
    regime: str = "standard"
    persons: str | None = None
    fuel: str = ""
    special: str = ""
    plant: str = ""
    plant_since: dt.date | None = None
    fiscal_year_begins: str = "01-01"
    presentation: str = ""


@dataclass(frozen=True, slots=True)
class OriginRule:
    """What a good must meet to originate under an agreement on a date.

    Parameters
    ----------
    agreement, name : str
        The agreement and the rule of it that decided.
    kind : str
        ``regional_value``, ``tariff_shift``, ``either``, or ``imported`` for goods that originate when imported from a
        party.
    threshold_ppm : int
        Regional value content asked, parts per million of net cost; 0 for a pure tariff shift.
    vnm_method : str
        ``traced``: the value of listed imports counts as foreign however deep it sits; ``roll_up``: foreign value
        inside an originating part vanishes; ``heavy``: it vanishes unless the material is listed;
        ``listed_choice``: as roll-up, but of a listed material that fails its value or what is foreign in it.
    traced_prefixes : tuple of str
        For ``traced``: digits of the codes that are traced; empty when every foreign material is traced.
    traced_items_of : str
        Country whose tariff items the list goes down to; empty where it ends at six digits.
    national_ppm : Mapping of str to int
        Least share of single countries, such as ``{"US": 500000}``; empty for none.
    national_base : str
        ``vehicle``: share of net cost; ``regional``: share of the regional value.
    core_parts_required : bool
        Whether every core part must originate by itself.
    roll_up_reading : str
        ``panel``, ``us_litigated`` or ``us_strict``; empty where nothing rolls up.
    labour_value_ppm, metal_ppm : int
        Labour value content, and share of steel and of aluminium bought in the region; 0 for no such test.
    de_minimis_ppm : int
        Share of value that may fail the tariff shift.
    transaction_threshold_ppm : int
        Regional value content asked by transaction value; 0 where only net cost is open.
    change : str
        Tariff change asked of every foreign material: ``chapter``, ``heading``, ``subheading`` or empty. With kind
        ``regional_value`` it is asked besides the content, with ``either`` instead of it.
    intermediate : str
        ``one_layer``: one layer of designated materials with a content rule; ``cost_only``: designation moves net
        cost, never foreign value; ``no_components``: engines and gear boxes may not be designated.
    core_ppm, core_transaction_ppm : int
        Content asked of core parts by net cost and by transaction value, for goods whose core parts must originate.
    core_components : tuple of str
        Codes in which the listed components of core parts are classified.
    labour_material_ppm, labour_technology_ppm, labour_assembly_ppm : int
        Least material and manufacturing points, most technology points, assembly points.
    assembly_capacity : tuple of str
        Units a year that a plant must be able to make for the assembly points, such as ``engine 100000``.
    labour_credit_ppm : int
        Least actual content from which material points above the least add to it; 0 for no credit.
    wage_floor : mapping of str to int
        Least average hourly wage of a high-wage plant in hundredths, by currency.
    steel_codes, aluminium_codes : tuple of str
        Metals whose purchases are counted.
    stampings : tuple of str
        Codes among them of which only the metal counts.
    melt_rule : bool
        Whether steel originates only if it was made from first melt in the region.
    averaging : tuple of str
        Categories over which a producer may average, such as ``model_line+class+plant``.
    averaging_periods : tuple of str
        Periods over which a producer may average.
    averaging_notice_days : int
        Days before the year by which the choice must be told.
    averaging_notice_first : str
        Last day to tell it for the first year of the agreement; empty where none is named.
    averaging_first : str
        Day from which a first period may run to the end of the fiscal year that begins within a year of it.
    averaging_windows : tuple of str
        Transitional periods, such as ``2020-07-01/2021-06-30``; the last day may be ``fiscal_year`` for its end.
    assembly_contract_years : int
        Least length of a contract with another maker's plant for the assembly points.
    non_market_ppm : int
        Most foreign value from non-market economies, of the base; a million for no limit.
    non_market : tuple of str
        Those economies.
    value_base : str
        ``net_cost``, or ``total_value`` with technology and software counted.
    wage_credit_ppm : int
        Most points of content credited for value made in high-wage plants; 0 for none.
    components : tuple of str
        Codes of engines and gear boxes for the method of heavy vehicles, of listed materials for that of a choice.
    listed_choice : bool
        Under ``listed_choice``, whether the producer has that choice; materials merely roll up otherwise.
    core_class : str
        Class of the good by the tables: as stated, or derived from its code.
    document : Reference, optional
        The regulations of the agreement.
    references : mapping of str to Reference
        The provision of each value, by field.
    """

    agreement: str
    name: str
    kind: str
    threshold_ppm: int
    vnm_method: str
    traced_prefixes: tuple[str, ...]
    national_ppm: Mapping[str, int]
    national_base: str
    core_parts_required: bool
    roll_up_reading: str
    labour_value_ppm: int
    metal_ppm: int
    de_minimis_ppm: int
    reference: Reference
    transaction_threshold_ppm: int = 0
    change: str = ""
    intermediate: str = "one_layer"
    core_ppm: int = 0
    core_transaction_ppm: int = 0
    core_components: tuple[str, ...] = ()
    labour_material_ppm: int = 0
    labour_technology_ppm: int = 0
    labour_assembly_ppm: int = 0
    assembly_capacity: tuple[str, ...] = ()
    labour_credit_ppm: int = 0
    wage_floor: Mapping[str, int] = field(default_factory=dict)
    steel_codes: tuple[str, ...] = ()
    aluminium_codes: tuple[str, ...] = ()
    stampings: tuple[str, ...] = ()
    melt_rule: bool = False
    averaging: tuple[str, ...] = ()
    averaging_periods: tuple[str, ...] = ()
    averaging_notice_days: int = 0
    averaging_notice_first: str = ""
    averaging_first: str = ""
    averaging_windows: tuple[str, ...] = ()
    assembly_contract_years: int = 0
    non_market_ppm: int = PPM
    non_market: tuple[str, ...] = ()
    value_base: str = "net_cost"
    wage_credit_ppm: int = 0
    components: tuple[str, ...] = ()
    listed_choice: bool = True
    core_class: str = ""
    traced_items_of: str = ""
    document: Reference | None = None
    references: Mapping[str, Reference] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GeneralRule:
    """What an agreement says of every good, whatever its product rule.

    Parameters
    ----------
    agreement : str
    de_minimis_ppm : int
        Share of value that may miss the tariff change.
    de_minimis_base : str
        ``transaction_value_first`` (total cost only where there is no acceptable transaction value) or ``either``.
    value_waiver : bool
        Whether foreign materials within that share in all waive the content test too.
    material_value : str
        Freight, duties, brokerage and waste are ``additions`` to the value of a foreign material, or ``deductions``
        from it where papers prove them.
    accumulation_by_net_cost_only : bool
        Whether a producer who accumulates must use net cost.
    intermediate_limit : bool
        Whether only one layer of materials with a content rule may be designated.
    intermediate_barred : tuple of str
        Components that may not be designated: ``engine``, ``gear_box``.
    weight_minimis_ppm, elastomeric_ppm, set_ppm : int
        Tolerances of textiles by weight, of elastomeric yarn, and of sets by value; 0 for none.
    interest_limit_bp : int
        Basis points above the yield of government debt from which interest is left out of net cost.
    fallback_net_cost_ppm, fallback_transaction_ppm : int
        Content asked where a good cannot change its class: unassembled, or classified with its parts.
    related_sales_ppm : int
        Share of units sold to related persons from which net cost is bound; 0 for no such limit.
    recovered_originate : bool
        Whether materials recovered in the region and remanufactured there originate.
    weight_minimis_codes : tuple of str
        Textiles, whose tolerance goes by weight.
    same_subheading_codes : tuple of str
        Goods whose tolerance covers only materials of another subheading.
    references : mapping of str to Reference
        The provision of each, by field.
    """

    agreement: str
    de_minimis_ppm: int = 0
    de_minimis_base: str = "transaction_value_first"
    value_waiver: bool = False
    material_value: str = "additions"
    accumulation_by_net_cost_only: bool = False
    intermediate_limit: bool = True
    intermediate_barred: tuple[str, ...] = ()
    weight_minimis_ppm: int = 0
    elastomeric_ppm: int = 0
    set_ppm: int = 0
    interest_limit_bp: int = 0
    fallback_net_cost_ppm: int = 0
    fallback_transaction_ppm: int = 0
    related_sales_ppm: int = 0
    recovered_originate: bool = False
    weight_minimis_codes: tuple[str, ...] = ()
    same_subheading_codes: tuple[str, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)
