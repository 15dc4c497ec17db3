"""Shapes of small generated networks, for property tests; each test narrows what it must."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sim.network.generate import Shape


def shapes(**narrowed: st.SearchStrategy[Any]) -> st.SearchStrategy[Shape]:
    usual: dict[str, st.SearchStrategy[Any]] = {
        "plants": st.integers(1, 5),
        "tiers": st.integers(1, 3),
        "parts": st.integers(5, 40),
        "makers": st.integers(1, 3),
    }
    return st.builds(Shape, **{**usual, **narrowed})
