"""The map's paper as SVG paths, for the page: land, lakes, borders and states around the places of a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.report.projection import INSET_DEG, Floats, load_outline, project

WIDTH = 1_000.0  # units across the paper
_MARGIN = 0.03  # around the outermost places, in radii of the Earth


@dataclass(frozen=True, slots=True)
class Paper:
    """A frame of the projected map, in units from its upper left corner.

    Parameters
    ----------
    low : ndarray, shape (2,)
        Lower left corner, projected.
    scale : float
        Units for a radius of the Earth.
    width, height : float
        In units.
    drawn : mapping
        What is drawn (``land``, ``abroad``, ``lakes``, ``states``, ``borders``) to the data of one SVG path.
    inset : list of float
        Left, top, width and height of the stretch from Detroit to Niagara; empty where it holds no place.
    """

    low: Floats
    scale: float
    width: float
    height: float
    drawn: Mapping[str, str]
    inset: list[float]

    def spot(self, place: tuple[float, float]) -> list[float]:
        """A place given in degrees (longitude, latitude), in units."""
        return self.spots(project([place[0]], [place[1]]))[0].tolist()  # type: ignore[no-any-return]

    def spots(self, projected: Floats) -> Floats:
        """Projected places in units, rounded to a tenth."""
        found = (projected - self.low) * self.scale
        found[:, 1] = self.height - found[:, 1]
        return np.round(found, 1)


def paper_of(places: Sequence[tuple[float, float]]) -> Paper:
    """Lay the paper around places, in degrees (longitude, latitude); around North America where there are none."""
    array = np.asarray(places or [(-120.0, 20.0), (-65.0, 50.0)], dtype=np.float64)
    corners = project(array[:, 0], array[:, 1])
    low, high = corners.min(axis=0) - _MARGIN, corners.max(axis=0) + _MARGIN
    spare = max(0.0, 0.7 * (high[0] - low[0]) - (high[1] - low[1])) / 2
    low[1] -= spare
    high[1] += spare
    scale = WIDTH / (high[0] - low[0])
    frame = Paper(low, scale, WIDTH, round(float((high[1] - low[1]) * scale), 1), {}, [])
    outline = load_outline()
    shapes = {
        "land": [ring for country, ring in outline.land if country],
        "abroad": [ring for country, ring in outline.land if not country],
        "lakes": outline.lakes,
        "states": outline.states,
        "borders": outline.borders,
    }
    drawn = {name: _path(frame, lines, is_ring=name in ("land", "abroad", "lakes")) for name, lines in shapes.items()}
    west, east, south, north = INSET_DEG
    near = [1 for lon, lat in places if west < lon < east and south < lat < north]
    return Paper(low, scale, frame.width, frame.height, drawn, _inset(frame) if len(near) > 1 else [])


def _inset(frame: Paper) -> list[float]:
    west, east, south, north = INSET_DEG
    found = frame.spots(project([west, west, east, east], [south, north, south, north]))
    low, high = found.min(axis=0), found.max(axis=0)
    return [round(float(x), 1) for x in (*low, *(high - low))]


def _path(frame: Paper, lines: Iterable[Floats], *, is_ring: bool) -> str:
    """SVG path data of lines or rings, those wholly off the paper left out."""
    pieces = []
    for line in lines:
        spots = frame.spots(line)
        outside = (
            (spots[:, 0].max() < 0)
            or (spots[:, 0].min() > frame.width)
            or (spots[:, 1].max() < 0)
            or (spots[:, 1].min() > frame.height)
        )
        if outside:
            continue
        steps = " ".join(f"{x:g} {y:g}" for x, y in spots.tolist())
        pieces.append(f"M{steps}{'z' if is_ring else ''}")
    return "".join(pieces)
