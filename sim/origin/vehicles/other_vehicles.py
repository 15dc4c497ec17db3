"""Foreign value in vehicles outside the main rule: of a listed material, its value or the foreign materials in it.

The producer chooses for each listed material that does not originate; the least is taken unless the file names a
treatment. Every other material counts as in any good: nothing where it originates, its value where it does not.
"""

from __future__ import annotations

from fractions import Fraction

from sim.law import OriginRule
from sim.origin.agreement_terms import Context, terms_of
from sim.origin.finding import Finding, Number, Plain
from sim.origin.good import ZERO, Material, Question
from sim.origin.materials import brought
from sim.origin.numbers import show
from sim.origin.product_rule import judging
from sim.origin.vehicles.law_lookup import cite, law_of, listed
from sim.references import Reference

OPTIONS = ("full_value", "by_statement")


def vnm(question: Question, rule: OriginRule) -> Finding | None:
    """Value of non-originating materials; None where no listed material leaves a choice.

    References
    ----------
    SOR/2020-155 s.20(4)-(5), read as the producer's choice.
    """
    if not rule.listed_choice or question.on is None or not any(_has_choice(x, rule) for x in question.materials):
        return None
    context = judging(question, terms_of(law_of(question), question.agreement, question.on))
    found = [_count(material, context, rule) for material in question.materials]
    needs = tuple(need for finding in found for need in finding.needs)
    amounts = [x.values["vnm"] for x in found if isinstance(x.values.get("vnm"), Fraction)]
    total = sum((amount for amount in amounts if isinstance(amount, Fraction)), ZERO)
    values: dict[str, Number | Plain] = {} if needs else {"vnm": total}
    shown = " + ".join(show(amount) for amount in amounts if isinstance(amount, Fraction))
    shown += f" = {show(total)}" if len(amounts) > 1 else ""
    words = "Of a listed material its value or the foreign materials in it count, the least unless named."
    return Finding("value of foreign materials", None, words, shown, values, _source(rule), needs, tuple(found))


def _has_choice(material: Material, rule: OriginRule) -> bool:
    """A listed material of the region that fails, with what is inside it told."""
    fails = material.status == "non_originating" and not material.self_produced
    by_code = bool(material.hts) and listed(material.hts, rule.components) is True
    return fails and bool(material.materials) and (by_code or bool(material.heavy_listed))


def _count(material: Material, context: Context, rule: OriginRule) -> Finding:
    item = brought(material, context)
    test = f"material {material.name}"
    if item.vnm is None:
        return Finding(test, None, "Facts are missing.", "", {}, None, item.needs)
    if not _has_choice(material, rule):
        return Finding(test, None, item.words, "", {"vnm": item.vnm})
    inside = [brought(inner, context) for inner in material.materials]
    if any(x.vnm is None for x in inside):
        needs = tuple(need for x in inside for need in x.needs)
        return Finding(test, None, "Facts are missing.", "", {}, None, needs)
    options = {"full_value": item.vnm, "by_statement": sum((x.vnm or ZERO for x in inside), ZERO)}
    if material.treatment and material.treatment not in options:
        need = (
            f"a treatment of {material.name} among by_statement, full_value ('{material.treatment}' is not open here)"
        )
        return Finding(test, None, "Facts are missing.", "", {}, None, (need,))
    chosen = material.treatment or min(options, key=lambda name: options[name])
    inner = show(options["by_statement"])
    words = f"listed: full value {show(item.vnm)}, foreign materials in it {inner}; {show(options[chosen])} counts."
    return Finding(test, None, words, "", {**options, "vnm": options[chosen]}, _source(rule))


def _source(rule: OriginRule) -> Reference | None:
    return rule.references.get("listed_choice") or cite(rule, "section 20(4)")
