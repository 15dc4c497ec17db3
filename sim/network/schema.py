"""The columns of every network file: name with its unit, what may stand in it, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

COUNTRY = r"[A-Z]{2}"
_SLUG = r"[a-z0-9]+(?:_[a-z0-9]+)*"
SITE_ID = rf"(?:plant|supplier|market)/{_SLUG}"
PART_ID = _SLUG
RECIPE_ID = rf"{SITE_ID}/{_SLUG}"
LANE_ID = rf"{RECIPE_ID}\.\.{SITE_ID}(?:/{_SLUG})?"
CROSSING_ID = rf"{_SLUG}/[a-z]{{2}}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Parameters
    ----------
    name : str
        Header, with the unit where a bare number stands.
    kind : str
        ``text``, ``number`` or ``whole`` (a whole number).
    least, most : float
        Inclusive bounds of numbers.
    above_zero : bool
        Zero is refused as well.
    allowed : tuple of str
        The only texts allowed; empty for any.
    pattern : str
        Regular expression of a text; empty for any.
    example : str
        What a good value looks like, for messages.
    optional : bool
        May be empty: the empty text, or 0.
    may_lack : bool
        The column may be left out of the file: an optional text is then empty in every row, a number 0.
    """

    name: str
    kind: str = "text"
    least: float = 0.0
    most: float = float("inf")
    above_zero: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""
    optional: bool = False
    may_lack: bool = False


def _text(name: str, example: str = "", *, pattern: str = "", optional: bool = False) -> Column:
    return Column(name, pattern=pattern, example=example, optional=optional)


def _choice(name: str, *allowed: str, optional: bool = False) -> Column:
    return Column(name, allowed=allowed, optional=optional)


def _number(name: str, least: float = 0.0, most: float = float("inf"), *, above_zero: bool = False) -> Column:
    return Column(name, "number", least, most, above_zero)


def _whole(name: str, least: float = 0.0, most: float = float("inf")) -> Column:
    return Column(name, "whole", least, most)


def _pct(name: str) -> Column:
    return _number(name, 0.0, 100.0)


def _may_lack(column: Column) -> Column:
    return replace(column, may_lack=True)


def _country(name: str, *, optional: bool = False) -> Column:
    return _text(name, "US", pattern=COUNTRY, optional=optional)


def _id(name: str, pattern: str, example: str, *, optional: bool = False) -> Column:
    return _text(name, example, pattern=pattern, optional=optional)


_EVIDENCE = (
    _choice("basis", "seen", "computed", "memory", "estimate", "assumption"),
    _number("range_pct", 0.0, 1000.0),
    _text("source", "bom"),
)

_SITES = (
    _id("id", SITE_ID, "supplier/saltillo"),
    _choice("kind", "plant", "supplier", "market"),
    _text("name", "Saltillo cluster"),
    _country("country"),
    _text("region", "COA"),
    _number("lat_deg", -90.0, 90.0),
    _number("lon_deg", -180.0, 180.0),
    _text("time_zone", "America/Monterrey"),
    _country("owner_country"),
    _text("currency", "USD", pattern=r"[A-Z]{3}"),
    _number("wage_usd_h"),
    _pct("rd_share_pct"),
    *_EVIDENCE,
)

_PARTS = (
    _id("id", PART_ID, "main_harness"),
    _text("name", "Main wiring harness"),
    _whole("tier", 0, 9),
    _text("system", "electrical"),
    _text("hts_code", "8544.30", pattern=r"\d{4}\.\d{2}(?:\.\d{2}(?:\.?\d{2})?)?"),
    _text("unit", "set"),
    _choice("part_class", "sequenced", "just_in_time", "powertrain", "small", "material", "vehicle"),
    _choice("core_class", "core", "principal", "complementary", "none", "vehicle"),
    _choice("vehicle_class", "passenger", "light_truck", optional=True),
    _number("mass_kg", above_zero=True),
    _number("volume_m3", above_zero=True),
    *_EVIDENCE,
)

_RECIPES = (
    _id("id", RECIPE_ID, "supplier/juarez/main_harness"),
    _id("site", SITE_ID, "supplier/juarez"),
    _id("part", PART_ID, "main_harness"),
    _whole("lines", 1, 1000),
    _number("work_s", above_zero=True),
    _text("calendar", "six_days_chicago"),
    _number("labour_usd"),
    _number("overhead_usd"),
    _number("material_usd"),
    _country("material_country", optional=True),
    _number("steel_usd"),
    _number("steel_kg"),
    _country("steel_melt_country", optional=True),
    _number("aluminium_usd"),
    _number("aluminium_kg"),
    _country("aluminium_smelt_country", optional=True),
    *_EVIDENCE,
)

_LANES = (
    _id("id", LANE_ID, "supplier/juarez/main_harness..plant/lansing/crossover_ice"),
    _id("from_recipe", RECIPE_ID, "supplier/juarez/main_harness"),
    _id("to_recipe", RECIPE_ID, "plant/lansing/crossover_ice", optional=True),
    _id("to_site", SITE_ID, "plant/lansing"),
    _id("part", PART_ID, "main_harness"),
    Column("share_pct", "number", 0.0, 100.0, above_zero=True),
    _whole("load_units", 1),
    _choice("mode", "truck", "rail", "ocean"),
    _pct("fast_pct"),
    _choice("importer_country_use", "production", "sale"),
    *_EVIDENCE,
    Column("milk_run", pattern=_SLUG, example="monterrey_to_lansing", optional=True, may_lack=True),
    Column("expedite", allowed=("yes",), optional=True, may_lack=True),
)

_ROUTES = (
    _id("from_site", SITE_ID, "supplier/juarez"),
    _id("to_site", SITE_ID, "plant/lansing"),
    _choice("mode", "truck", "rail", "ocean", "team_truck", "air"),
    _whole("alternative", 0, 9),
    _whole("step", 0, 20),
    _number("hours", above_zero=True),
    _number("distance_km"),
    _number("cost_usd"),
    _id("crossing", CROSSING_ID, "ysleta/us", optional=True),
    _choice("movement", "entry", "in_bond", "temporary", optional=True),
    _number("transit_cv", 0.0, 3.0),
    *_EVIDENCE,
)

_CROSSINGS = (
    _id("id", CROSSING_ID, "ambassador_bridge/us"),
    _id("port", _SLUG, "ambassador_bridge"),
    _text("name", "Ambassador Bridge, US-bound"),
    _country("from_country", optional=True),
    _country("to_country"),
    _choice("kind", "land_truck", "land_rail", "ocean", "air"),
    _number("lat_deg", -90.0, 90.0),
    _number("lon_deg", -180.0, 180.0),
    _text("time_zone", "America/Detroit"),
    _whole("open_hour", 0, 24),
    _whole("close_hour", 0, 24),
    _whole("weekend_open_hour", 0, 24),
    _whole("weekend_close_hour", 0, 24),
    _whole("booths_standard", 0, 60),
    _whole("booths_fast", 0, 60),
    _number("cycle_standard_s"),
    _number("cycle_fast_s"),
    _number("cycle_cv", 0.0, 5.0),
    _number("approach_min"),
    _whole("split_trucks"),
    _number("background_weekday"),
    _pct("background_weekend_pct"),
    _pct("background_fast_pct"),
    _choice("profile", "mexico", "canada"),
    _number("dispersion_cv", 0.0, 5.0),
    _number("patience_h"),
    _pct("staffing_utilisation_pct"),
    _number("export_check_s"),
    _pct("red_light_pct"),
    _number("red_light_min"),
    _pct("scan_pct"),
    _number("scan_min"),
    _pct("exam_pct"),
    _pct("exam_fast_pct"),
    _number("exam_min"),
    _pct("inspection_pct"),
    _number("inspection_min"),
    _number("dwell_h"),
    _number("toll_usd"),
    _may_lack(_whole("export_modules", 0, 1_000)),
    _may_lack(_whole("inspection_bays", 0, 1_000)),
    _may_lack(_whole("tractors", 0, 100_000)),
    _may_lack(_number("tractor_return_min")),
    _may_lack(_number("yard_before_h")),
    _may_lack(_number("yard_after_h")),
    _may_lack(_number("yard_cv", 0.0, 5.0)),
    _may_lack(_whole("yard_places")),
    *_EVIDENCE,
)

# A network has all of these; OPTIONAL_FILES and JOURNEYS are files that it may have besides.
FILES: MappingProxyType[str, tuple[Column, ...]] = MappingProxyType(
    {
        "network.csv": (_text("title", "Three plants, one vehicle family"),),
        "sites.csv": _SITES,
        "parts.csv": _PARTS,
        "recipes.csv": _RECIPES,
        "inputs.csv": (
            _id("recipe", RECIPE_ID, "plant/lansing/crossover_ice"),
            _id("part", PART_ID, "main_harness"),
            _whole("quantity_per", 1),
            _number("cover_h"),
        ),
        "schedules.csv": (
            _id("recipe", RECIPE_ID, "plant/lansing/crossover_ice"),
            _whole("vehicles_per_day", 1),
            _whole("lot_units", 1),
            _text("overtime_calendar", "saturday_detroit"),
            _number("msrp_usd", above_zero=True),
        ),
        "lanes.csv": _LANES,
        "routes.csv": _ROUTES,
        "crossings.csv": _CROSSINGS,
        "calendars.csv": (
            _id("id", _SLUG, "two_shifts_detroit"),
            _text("time_zone", "America/Detroit"),
            _whole("weekday", 0, 6),
            _number("from_hour", 0.0, 24.0),
            _number("to_hour", 0.0, 24.0),
        ),
    }
)

_MILK_RUNS = (
    _id("id", _SLUG, "monterrey_to_lansing"),
    _text("time_zone", "America/Monterrey"),
    _whole("weekday", 0, 6),
    _number("hour", 0.0, 23.99),
    *_EVIDENCE,
)

_TRAFFIC = (
    _id("crossing", CROSSING_ID, "ambassador_bridge/us"),
    _whole("year", 1990, 2100),
    _number("weekday_trucks"),
    *_EVIDENCE,
)

_SEASONS = (
    _id("crossing", CROSSING_ID, "ambassador_bridge/us"),
    _whole("month", 1, 12),
    _number("index", 0.0, 12.0),
    *_EVIDENCE,
)

_SHUTDOWNS = (
    _id("calendar", _SLUG, "two_shifts_detroit"),
    _whole("from_month", 1, 12),
    _whole("from_day", 1, 31),
    _whole("to_month", 1, 12),
    _whole("to_day", 1, 31),
    _text("name", "summer shutdown"),
    *_EVIDENCE,
)

_SUBSTITUTES = (
    _id("crossing", CROSSING_ID, "laredo_wtb/us"),
    _id("substitute", CROSSING_ID, "laredo_colombia/us"),
    _number("hours", above_zero=True),
    _pct("share_pct"),
    *_EVIDENCE,
)

# Files that a network may lack: it then has no rows of them.
OPTIONAL_FILES: MappingProxyType[str, tuple[Column, ...]] = MappingProxyType(
    {
        "milk_runs.csv": _MILK_RUNS,
        "traffic.csv": _TRAFFIC,
        "seasons.csv": _SEASONS,
        "shutdowns.csv": _SHUTDOWNS,
        "substitutes.csv": _SUBSTITUTES,
    }
)

JOURNEYS = (
    _text("journey", "J01"),
    _text("branch", "us_branch"),
    _whole("step", 1, 40),
    _id("lane", LANE_ID, "supplier/juarez/main_harness..plant/lansing/crossover_ice"),
)
