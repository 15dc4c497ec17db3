"""Hours of use that a stock keeps beyond the planned lead time, by class of part and by the borders it comes over."""

# Hours of working time. Assumption: published figures give 2, 8, 24 and 72 clock hours in all; planned lead times hold
# allowances of their own, so the two slower classes keep less. Plants in Ontario were short 8-18 h after a closure,
# those in Michigan after 40-50 h (seen).
COVER_H = {
    "sequenced": 2.0,  # assumption
    "just_in_time": 8.0,  # assumption
    "powertrain": 16.0,  # assumption
    "small": 24.0,  # assumption
    "material": 48.0,  # assumption
}
BORDER_COVER_H = (0.0, 12.0, 20.0)  # assumption: for 0, 1, 2 land borders
INTO_CANADA_COVER_H = 8.0  # assumption
OCEAN_COVER_H = 60.0  # assumption


def cover_hours(part_class: str, mode: str, borders: int, country: str) -> float:
    """Hours of use that a consumer in `country` keeps of a part that comes over so many land borders, or by sea."""
    if mode == "ocean":
        return OCEAN_COVER_H
    into_canada = borders == 1 and country == "CA"
    return max(COVER_H[part_class], INTO_CANADA_COVER_H if into_canada else BORDER_COVER_H[borders])
