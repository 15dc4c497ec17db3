"""Named streams: whole streams at once are what a generator of the name gives, value for value."""

import numpy as np
import pytest

from sim.streams import Streams


@pytest.mark.parametrize(
    ("draw", "method"),
    [
        (Streams.draw_uniform, np.random.Generator.random),
        (Streams.draw_normal, np.random.Generator.standard_normal),
        (Streams.draw_exponential, np.random.Generator.standard_exponential),
    ],
)
def test_whole_streams_are_those_of_their_generators(draw, method):
    streams, each = Streams(7, 2), Streams(7, 2)
    for name, rows in (("lane/a", 5), ("lane/b", 1_001), ("lane/c", 0), ("lane/d", 3)):
        drawn = np.empty((rows, 2))
        draw(streams, name, drawn)
        assert np.array_equal(drawn, method(each.generator(name), (rows, 2)))


def test_a_generator_goes_on_beside_whole_streams():
    streams = Streams(7, 2)
    slow = streams.generator("slow")
    halves = [slow.random(4)]
    streams.draw_normal("other", np.empty(3))
    halves.append(slow.random(4))
    assert np.array_equal(np.concatenate(halves), Streams(7, 2).generator("slow").random(8))


def test_a_name_is_drawn_once():
    streams = Streams(7, 2)
    streams.draw_normal("once", np.empty(3))
    for again in (lambda: streams.generator("once"), lambda: streams.draw_uniform("once", np.empty(3))):
        with pytest.raises(ValueError, match="stream 'once' is drawn twice"):
            again()
