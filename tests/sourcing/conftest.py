"""The midsize network as firms would re-source it under some law."""

import datetime as dt
from functools import lru_cache

import pytest

from sim.law import load_law
from sim.network import load_network
from sim.parameters import load_parameters
from sim.sourcing.decide import Question, choose_all, open_question

ON, KNOWN = dt.date(2017, 10, 30), dt.date(2017, 8, 16)


@lru_cache(maxsize=8)
def asked(*reforms):
    question = Question(load_network("midsize"), load_law(reforms), ON, KNOWN, load_parameters())
    opened = open_question(question)
    return opened, choose_all(opened)


@pytest.fixture(scope="session")
def resourced():
    """From reforms to the opened question and the choice of each vehicle."""
    return asked
