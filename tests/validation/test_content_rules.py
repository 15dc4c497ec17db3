"""Closed forms of makers and counts of labels: every published number is met."""

from __future__ import annotations

from sim.validation.content_rules import labels, makers
from sim.validation.registry import blocks_named


def test_every_closed_form_of_makers_is_met():
    findings = list(makers())
    assert len(findings) == 31
    assert [x.item for x in findings if not x.is_met] == []


def test_every_count_of_labels_is_met():
    findings = list(labels())
    assert len(findings) == 12
    assert [x.item for x in findings if not x.is_met] == []


def test_both_can_be_asked_for():
    assert [block.name for block in blocks_named(["makers", "labels"])] == ["makers", "labels"]
