"""The map's paper: the outline of North America and the Albers projection it is drawn in."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Albers equal-area conic: two standard parallels and an origin that suit the three countries together.
_PARALLELS_DEG = (20.0, 50.0)
_ORIGIN_DEG = (-96.0, 38.0)
# Part of the world the outline covers: west, east, south, north.
COVERED_DEG = (-140.0, -50.0, 12.0, 63.0)
# From Detroit to Niagara, where ports stand too close for one map: west, east, south, north.
INSET_DEG = (-84.2, -78.2, 41.6, 43.7)


@dataclass(frozen=True, slots=True)
class Outline:
    """Projected shapes: land by country code (empty for others), lakes, and border lines, each ``[n, 2]``."""

    land: tuple[tuple[str, Floats], ...]
    lakes: tuple[Floats, ...]
    borders: tuple[Floats, ...]
    states: tuple[Floats, ...]


def project(lon_deg: ArrayLike, lat_deg: ArrayLike) -> Floats:
    """Project longitudes and latitudes.

    Parameters
    ----------
    lon_deg, lat_deg : array_like of float
        Degrees, east and north positive, equal length.

    Returns
    -------
    ndarray, shape (n, 2)
        Map coordinates in units of the Earth's radius.

    References
    ----------
    J. P. Snyder, *Map Projections: A Working Manual*, USGS Professional Paper 1395 (1987), eqs. 14-1 to 14-6.
    """
    lon, lat = np.radians(np.atleast_1d(lon_deg)), np.radians(np.atleast_1d(lat_deg))
    first, second = np.radians(_PARALLELS_DEG)
    lon0, lat0 = np.radians(_ORIGIN_DEG)
    n = (np.sin(first) + np.sin(second)) / 2
    c = np.cos(first) ** 2 + 2 * n * np.sin(first)
    rho, rho0 = np.sqrt(c - 2 * n * np.sin(lat)) / n, np.sqrt(c - 2 * n * np.sin(lat0)) / n
    angle = n * (lon - lon0)
    return np.column_stack([rho * np.sin(angle), rho0 - rho * np.cos(angle)]).astype(np.float64)


def is_covered(lon_deg: float, lat_deg: float) -> bool:
    """Whether a place lies on the map's paper; overseas places do not."""
    west, east, south, north = COVERED_DEG
    return west <= lon_deg <= east and south <= lat_deg <= north


@lru_cache(maxsize=1)
def load_outline() -> Outline:
    """Read the packaged outline and project it once."""
    packed = files("sim").joinpath("data", "maps", "north_america.json.gz").read_bytes()
    shapes = json.loads(gzip.decompress(packed))
    return Outline(
        land=tuple((entry["country"], _unpack(ring)) for entry in shapes["land"] for ring in entry["rings"]),
        lakes=tuple(_unpack(ring) for ring in shapes["lakes"]),
        borders=tuple(_unpack(line) for line in shapes["borders"]),
        states=tuple(_unpack(line) for line in shapes["states"]),
    )


def _unpack(flat: list[int]) -> Floats:
    degrees = np.asarray(flat, dtype=np.float64).reshape(-1, 2) / 100.0
    return project(degrees[:, 0], degrees[:, 1])
