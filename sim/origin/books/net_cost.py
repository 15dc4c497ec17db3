"""Total cost and net cost of a good: what is added up, what net cost leaves out, and what must not count twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sim.origin.finding import Finding
from sim.origin.good import ZERO, Costs, Currency
from sim.origin.numbers import show
from sim.references import Reference

_CENT = Fraction(1, 100)  # books that round agree to it
_OWN = {"other_product": "other product costs", "period": "period costs", "other": "other costs"}


@dataclass(frozen=True, slots=True)
class Brought:
    """What a material brings to total cost, net cost and the value of non-originating materials.

    None where a fact is missing; `needs` says which for the costs, `vnm_needs` for the foreign value. `provision` names
    the term of the agreement that decided.
    """

    name: str
    total: Fraction | None
    net: Fraction | None
    vnm: Fraction | None
    words: str
    needs: tuple[str, ...] = ()
    vnm_needs: tuple[str, ...] = ()
    inner: tuple[Finding, ...] = ()
    provision: str = "material_value"

    def finding(self, reference: Reference | None = None) -> Finding:
        """The same as a finding."""
        named = {"value": self.total, "vnm": self.vnm}
        values = {name: value for name, value in named.items() if value is not None}
        needs = tuple(dict.fromkeys((*self.needs, *self.vnm_needs)))
        return Finding(self.name, None, self.words, "", values, reference, needs, self.inner)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Costs of a good added up.

    Parameters
    ----------
    total, net, vnm : Fraction, optional
        Total cost, net cost, value of non-originating materials; None where a fact is missing.
    needs, vnm_needs : tuple of str
        The facts missing for the costs, and for the foreign value.
    arithmetic, vnm_arithmetic : str
        The sums as a reader would write them.
    contradiction : str
        How figures stated for one thing contradict each other, and which counts; empty where they agree.
    """

    total: Fraction | None
    net: Fraction | None
    vnm: Fraction | None
    needs: tuple[str, ...]
    vnm_needs: tuple[str, ...]
    arithmetic: str
    vnm_arithmetic: str
    contradiction: str = ""

    @property
    def excluded(self) -> Fraction | None:
        """Costs that net cost leaves out; None where there are none or either cost is not known."""
        return (self.total - self.net or None) if self.total is not None and self.net is not None else None


def cost_sheet(costs: Costs, materials: Sequence[Brought], more_excluded: Fraction = ZERO) -> Sheet:
    """Add up the costs of a good.

    Parameters
    ----------
    costs : Costs
        Costs stated for the good.
    materials : sequence of Brought
        What its materials bring.
    more_excluded : Fraction
        Excluded costs found elsewhere, such as interest that is not allowable.

    Notes
    -----
    Total cost = materials + other product costs + period costs + other costs, less gains and plus losses on currency
    that come from making the good. Net cost = total cost - excluded costs. What a self-made material that is not
    designated holds of excluded costs is excluded too; what is inside the value of any other material stays.

    References
    ----------
    SOR/2020-155 s.1(6), s.7(11)-(12); SOR/94-14 s.2(6), s.6(11)-(13).
    """
    total, needs, terms = _total(costs, materials)
    net, deducted = _net(costs, materials, total, more_excluded)
    vnm, vnm_needs, vnm_terms = _foreign(costs, materials)
    contrary = _contradiction(costs, materials, total, more_excluded)
    return Sheet(total, net, vnm, () if net is not None else needs, vnm_needs, terms + deducted, vnm_terms, contrary)


def _contradiction(costs: Costs, materials: Sequence[Brought], total: Fraction | None, more_excluded: Fraction) -> str:
    """Figures that cannot all be true. What is not stated may lie between them, so only the impossible is told."""
    lead = "The costs contradict each other:"
    if costs.total_cost is not None:
        parts, _, _ = _total(replace(costs, total_cost=None), materials)
        if parts is not None and total is not None and parts > total + _CENT:
            words = f"their parts are {show(parts)}, more than the total cost stated {show(total)}"
            return f" {lead} {words}. The {'net' if costs.net_cost is not None else 'total'} cost stated counts."
    net = costs.net_cost
    if net is None or total is None:
        return ""
    counts = "The net cost stated counts."
    excluded = (ZERO if costs.net_of_excluded else costs.excluded_total) + more_excluded
    left = total - excluded
    whole = costs.total_cost is not None  # otherwise some parts may not be listed
    if excluded and (left > net + _CENT or (whole and left < net - _CENT)):
        name = "total cost" if whole else "the parts of total cost"
        words = (
            f"{name} {show(total)} - excluded costs {show(excluded)} = {show(left)}, and net cost stated {show(net)}"
        )
        return f" {lead} {words}. {counts}"
    if whole and total < net - _CENT:
        return f" {lead} total cost {show(total)} is below the net cost stated {show(net)}. {counts}"
    return ""


def _total(costs: Costs, materials: Sequence[Brought]) -> tuple[Fraction | None, tuple[str, ...], str]:
    if costs.total_cost is not None:
        adjusted, words = _adjusted(costs, costs.total_cost, [f"total cost {show(costs.total_cost)}"])
        return adjusted, (), words
    own = {key: value for key in _OWN if (value := getattr(costs, key)) is not None}
    if not own:
        return None, ("costs (other_product, period, other; or total_cost; or net_cost)",), ""
    needs = tuple(need for item in materials for need in item.needs)
    if any(item.total is None for item in materials):
        return None, needs, ""
    lots: list[tuple[str, Fraction | None]] = [(item.name, item.total) for item in materials if item.total]
    lots += [("originating materials", costs.originating_materials)]
    lots += [("non-originating materials", costs.non_originating_materials)]
    lots += [(_OWN[key], value) for key, value in own.items()]
    stated = [(name, value) for name, value in lots if value is not None]
    plain = sum((value for _, value in stated), ZERO)
    total, words = _adjusted(costs, plain, [f"{name} {show(value)}" for name, value in stated])
    return total, (), words


def _adjusted(costs: Costs, plain: Fraction, words: list[str]) -> tuple[Fraction, str]:
    """With gains and losses on currency, and without assists that the value of a material holds."""
    total = plain
    text = " + ".join(words)
    if costs.assists:
        total -= costs.assists
        text += f" - assists already in the value of materials {show(costs.assists)}"
    if costs.currency is not None and not costs.currency.counted:
        effect = related_effect(costs.currency)
        total += effect
        text += f" {'+' if effect >= 0 else '-'} net {_side(effect)} on currency {show(abs(effect))}"
    return total, f"{text} = total cost {show(total)}" if text != f"total cost {show(total)}" else text


def related_effect(currency: Currency) -> Fraction:
    """Losses less gains on currency that come from making the good: what total cost rises by."""
    return currency.related_loss - currency.related_gain


def _side(effect: Fraction) -> str:
    return "loss" if effect >= 0 else "gain"


def _net(
    costs: Costs, materials: Sequence[Brought], total: Fraction | None, more_excluded: Fraction
) -> tuple[Fraction | None, str]:
    if costs.net_cost is not None:
        return costs.net_cost, f"; net cost stated {show(costs.net_cost)}" if total is not None else ""
    if total is None:
        return None, ""
    itemised = costs.total_cost is None
    buried = sum(((item.total or ZERO) - (item.net or ZERO) for item in materials), ZERO) if itemised else ZERO
    excluded = (ZERO if costs.net_of_excluded else costs.excluded_total) + more_excluded + buried
    net = total - excluded
    if not excluded:
        return net, f"; no excluded costs: net cost {show(net)}"
    return net, f"; - excluded costs {show(excluded)} = net cost {show(net)}"


def _foreign(costs: Costs, materials: Sequence[Brought]) -> tuple[Fraction | None, tuple[str, ...], str]:
    lump = costs.non_originating_materials
    needs = tuple(dict.fromkeys(need for item in materials for need in item.vnm_needs))
    if needs:
        return None, needs, ""
    if lump is None and not materials and costs.originating_materials is None:
        return None, ("materials, or costs.non_originating_materials",), ""
    counted = [(item.name, item.vnm) for item in materials if item.vnm]
    counted += [("non-originating materials", lump)] if lump is not None else []
    vnm = sum((value for _, value in counted if value is not None), ZERO)
    words = " + ".join(f"{name} {show(value)}" for name, value in counted if value is not None)
    return vnm, (), f"{words} = {show(vnm)}" if len(counted) > 1 else words or "none"


def excluded_words(costs: Costs) -> str:
    """The excluded costs by name."""
    return ", ".join(f"{name.replace('_', ' ')} {show(value)}" for name, value in costs.excluded.items())


def find(costs: Costs, sheet: Sheet, reference: Reference | None = None) -> Finding:
    """Total and net cost as a finding."""
    named = {"total_cost": sheet.total, "net_cost": sheet.net, "excluded_costs": sheet.excluded}
    values = {name: value for name, value in named.items() if value is not None}
    if costs.currency is not None:
        effect = related_effect(costs.currency)
        values[f"related_currency_{_side(effect)}"] = abs(effect)
    if sheet.net is None:
        words = "Net cost cannot be reckoned."
    else:
        words = f"Net cost is {show(sheet.net)}"
        words += f", total cost {show(sheet.total)}." if sheet.total is not None else "."
        if costs.excluded:
            words += f" Excluded: {excluded_words(costs)}."
        if costs.currency is not None:
            words += " Gains and losses on currency never change the value of materials; unrelated ones count nowhere."
    words += sheet.contradiction
    return Finding("net cost", None, words, sheet.arithmetic, values, reference, sheet.needs)
