"""What a producer knows about one good: the facts of one entry of an origin file, exact and untouched by any rule.

Money is a plain number in one currency, exact (`Fraction`); shares are fractions of one (``60 %`` -> 3/5). None means
"not stated": it matters only where a rule asks for it, and then the answer is "unresolved: needs X".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sim.origin.expected import NOTHING, Expected

ZERO = Fraction(0)

CORE_PARTS = ("engine", "transmission", "body_and_chassis", "axles", "suspension", "steering", "battery")
# What the law lets a producer choose for a material; which of them is open depends on how foreign value is counted.
TREATMENTS = (
    "no_statement",
    "look_through",
    "statement",
    "by_statement",
    "stated_content",
    "requirement",
    "full_price",
    "full_value",
)
# Words that rules compare, by the fact of a good they answer.
FACT_WORDS = {
    "vehicle_class": ("passenger", "light_truck", "heavy_truck", "bus"),
    "special": (
        "off_road",
        "all_terrain",
        "motor_home",
        "ambulance",
        "hearse",
        "prison_van",
        "motorcycle",
        "chassis_frame",
        "strut",
        "schedule_2",
    ),
    "fuel": ("diesel", "petrol", "electric", "hybrid", "gas"),
    "plant": ("new_model", "refit"),
    "presentation": ("unassembled", "with_its_parts"),
}
PERSONS = ("up_to_15", "16_or_more")


@dataclass(frozen=True, slots=True)
class Good:
    """The good whose origin is asked.

    Parameters
    ----------
    name, hts : str
        Name, and tariff code as printed (empty if not stated).
    use : str
        ``original_equipment``, ``aftermarket``, ``vehicle`` or ``other``.
    vehicle_class : str
        ``passenger``, ``light_truck``, ``heavy_truck``, ...; empty where it is no vehicle.
    core_class : str
        ``core``, ``principal``, ``complementary``, ``none`` or ``vehicle``; empty where not stated.
    made_in : str
        Country of production (ISO 3166 alpha-2), empty if not stated.
    vehicle : str
        For a part, the vehicle it is for: ``light``, ``heavy`` or ``other``; empty if not stated (key ``for``).
    set_of_goods : bool
        Put up in a set (key ``set``).
    processed_outside : bool
        Worked upon outside the region after its production, beyond what keeps it in good condition.
    details : mapping of str to str
        Further facts that a few rules ask, by their keys: ``persons``, ``fuel``, ``plant_since``, ...
    """

    name: str
    hts: str = ""
    use: str = "original_equipment"
    vehicle_class: str = ""
    core_class: str = ""
    made_in: str = ""
    vehicle: str = ""
    set_of_goods: bool = False
    processed_outside: bool = False
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProductRule:
    """A product rule stated in the file, for goods whose rule the law files do not carry.

    Parameters
    ----------
    kind : str
        ``regional_value``, ``tariff_shift``, ``either`` or ``both``.
    change : str
        ``chapter``, ``heading`` or ``subheading``: level at which non-originating materials must differ from the good.
    excepted : tuple of str
        Codes (digits, or ``5208-5212``) from which a change does not count.
    only_from : tuple of str
        Codes from which alone the change counts; empty for any.
    or_other : str
        With `only_from`: level (``heading``, ...) from which a change counts as well ("whether or not there is also a
        change from any other heading").
    net_cost, transaction_value : Fraction, optional
        Regional value content asked by either method, as a share of one; None where the method is not open.
    alternatives : tuple of ProductRule
        Rules of which one suffices; the fields above are then empty.
    """

    kind: str = ""
    change: str = ""
    excepted: tuple[str, ...] = ()
    only_from: tuple[str, ...] = ()
    net_cost: Fraction | None = None
    transaction_value: Fraction | None = None
    alternatives: tuple[ProductRule, ...] = ()
    or_other: str = ""


@dataclass(frozen=True, slots=True)
class Currency:
    """Gains and losses on currency conversion, by whether they come from buying materials of the good.

    `counted` says whether the costs stated already hold the net effect of the related ones.
    """

    related_gain: Fraction = ZERO
    related_loss: Fraction = ZERO
    unrelated_gain: Fraction = ZERO
    unrelated_loss: Fraction = ZERO
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs of making a good, all borne by its producer.

    Parameters
    ----------
    net_cost, total_cost : Fraction, optional
        Where only the result is known.
    originating_materials, non_originating_materials : Fraction, optional
        Materials that are not listed one by one.
    other_product, period, other : Fraction, optional
        Product costs other than materials (labour, overhead), period costs, other costs.
    excluded : mapping of str to Fraction
        Costs that net cost leaves out, by name: sales promotion, royalties, shipping and packing, non-allowable
        interest, or ``costs`` where only their sum is stated. Part of the costs above unless `net_of_excluded`.
    net_of_excluded : bool
        The costs above are stated free of excluded costs already.
    assists : Fraction
        Moulds, tools and the like given to suppliers and expensed in the costs above: they count once, in the value of
        the material (see `Material.assists`).
    currency : Currency, optional
    """

    net_cost: Fraction | None = None
    total_cost: Fraction | None = None
    originating_materials: Fraction | None = None
    non_originating_materials: Fraction | None = None
    other_product: Fraction | None = None
    period: Fraction | None = None
    other: Fraction | None = None
    excluded: Mapping[str, Fraction] = field(default_factory=dict)
    net_of_excluded: bool = False
    assists: Fraction = ZERO
    currency: Currency | None = None

    @property
    def excluded_total(self) -> Fraction:
        """Sum of the excluded costs."""
        return sum(self.excluded.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a supplier signed about a material.

    Parameters
    ----------
    net_cost, vnm : Fraction, optional
        The supplier's net cost of the material and the value of non-originating materials in it.
    regional_value : Fraction, optional
        Regional value in it: price less foreign content, all or part of it.
    rvc : Fraction, optional
        Its regional value content, as a share of one.
    transaction : Fraction, optional
        Value of the transaction the statement tells of.
    traced : Fraction, optional
        Value of traced, listed or imported content it passes on.
    classifications : tuple of str
        Codes (digits) of the non-originating materials used, for accumulating the tariff shift.
    """

    net_cost: Fraction | None = None
    vnm: Fraction | None = None
    regional_value: Fraction | None = None
    rvc: Fraction | None = None
    transaction: Fraction | None = None
    traced: Fraction | None = None
    classifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Charges:
    """Costs around the purchase of a material.

    Parameters
    ----------
    international_freight, insurance, packing, duties, brokerage, inland_freight : Fraction
        Getting it to the producer; `inland_freight` runs to the place where title passes or to the plant.
    inland_freight_after : Fraction
        Freight after title passed or after first receipt: in net cost, never in the value of the material.
    waste, scrap : Fraction
        Cost of waste and spoilage, and what was recovered by selling scrap.
    documented : bool
        Whether papers prove them.
    proven : tuple of str, optional
        Those that papers prove, where only some are (``documented: [duties, brokerage]``).
    included : bool, optional
        Whether the stated value of the material already holds them; None where the law's usual sense applies.
    """

    international_freight: Fraction = ZERO
    insurance: Fraction = ZERO
    packing: Fraction = ZERO
    duties: Fraction = ZERO
    brokerage: Fraction = ZERO
    inland_freight: Fraction = ZERO
    inland_freight_after: Fraction = ZERO
    waste: Fraction = ZERO
    scrap: Fraction = ZERO
    documented: bool = True
    proven: tuple[str, ...] | None = None
    included: bool | None = None

    @property
    def waste_net(self) -> Fraction:
        """Waste and spoilage less what the scrap brought."""
        return self.waste - self.scrap


@dataclass(frozen=True, slots=True)
class Material:
    """A material used in the good: bought, imported or made by the producer.

    Parameters
    ----------
    name, hts : str
    value : Fraction, optional
        What it costs or is worth where acquired, for the quantity used; None where costs or a statement give it.
    customs_value : Fraction, optional
        Its value at importation, if other than `value`.
    status : str
        ``originating``, ``non_originating``, or empty: then its own rule decides.
    made_in : str
        Country (ISO 3166 alpha-2).
    imported : bool, optional
        Whether it (in this form) was imported from outside the region.
    recovered : bool
        Recovered in the region from used goods and put into a remanufactured good.
    self_produced, designated : bool
        Made by the producer; designated by him as an intermediate material.
    indirect : bool
        Used up in production without being in the good (tools, fuel, moulds): originating wherever it was made.
    packaging : str
        ``retail`` or ``shipping`` packing, or ``accessory`` (delivered with the good); empty for none.
    assists : Fraction
        Value of moulds, tools and the like that the buyer gave its producer.
    same_class : bool, optional
        Where codes are not stated: whether it is classified with the good at the level the rule asks.
    rule : ProductRule, optional
        Its own product rule, where it must originate by itself.
    by_country : mapping of str to Fraction
        Value added by country, as far as stated.
    costs, materials, statement, charges
        Its own costs and materials (self-produced, or looked through), a supplier's statement, costs of purchase.
    title : str
        Where title passes to the producer: ``at_import``, ``inland`` or empty.
    core : str
        Core part of a vehicle that it is (one of `CORE_PARTS`), or empty.
    component : str
        ``engine`` or ``gear_box`` for a component of a heavy vehicle, or empty.
    listed_component, heavy_listed : bool, optional
        On the table of components of core parts; on the list of materials of heavy vehicles.
    treatment : str
        Option where the law lets the producer choose; empty for the one that gives the least foreign value.
    """

    name: str
    hts: str = ""
    value: Fraction | None = None
    customs_value: Fraction | None = None
    status: str = ""
    made_in: str = ""
    imported: bool | None = None
    recovered: bool = False
    self_produced: bool = False
    designated: bool = False
    indirect: bool = False
    packaging: str = ""
    assists: Fraction = ZERO
    same_class: bool | None = None
    rule: ProductRule | None = None
    by_country: Mapping[str, Fraction] = field(default_factory=dict)
    costs: Costs = field(default_factory=Costs)
    materials: tuple[Material, ...] = ()
    statement: Statement | None = None
    charges: Charges = field(default_factory=Charges)
    title: str = ""
    core: str = ""
    component: str = ""
    listed_component: bool | None = None
    heavy_listed: bool | None = None
    treatment: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One entry of an origin file: a good, the law asked, and all facts about it.

    Parameters
    ----------
    id, title, source : str
        Mark of the entry, the question in words, and where the facts come from.
    agreement : str
        Short name of the agreement; empty where nothing asks for origin.
    on : date, optional
        Day of importation.
    importer, exporter : str
        Countries.
    reforms : tuple of str
        Reforms laid over the law.
    regime : str
        ``standard`` or ``alternative_staging``.
    rule : ProductRule, optional
        The rule, where the file states it; otherwise the law is asked.
    method : str
        ``net_cost``, ``transaction_value`` or ``either``; empty where the rule decides.
    transaction_value : Fraction, optional
        Price of the good adjusted to exclude international shipment.
    acceptable : bool
        Whether customs valuation accepts that price (key ``price_acceptable``).
    related_sales : Fraction, optional
        Share of units sold to related persons over the six months before.
    sections : mapping of str to object
        Further sections of the file by name, as their readers gave them.
    expect : Expected
        What the writer expects to come out.
    where : str
        Place in the file, such as ``line 4, goods[0]``; empty where it comes from no file.
    """

    good: Good
    title: str = ""
    source: str = ""
    agreement: str = ""
    on: dt.date | None = None
    importer: str = ""
    exporter: str = ""
    reforms: tuple[str, ...] = ()
    regime: str = "standard"
    rule: ProductRule | None = None
    method: str = ""
    transaction_value: Fraction | None = None
    acceptable: bool = True
    related_sales: Fraction | None = None
    costs: Costs = field(default_factory=Costs)
    materials: tuple[Material, ...] = ()
    sections: Mapping[str, object] = field(default_factory=dict)
    id: str = ""
    expect: Expected = NOTHING
    where: str = ""
