"""The makers to be looked at: one row a kind of vehicle, with its weight and its charges by place of assembly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.population.firm import Array

CLASSES = ("cars", "trucks")
MEMBERS = ("CA", "MX", "US")
ALL = "all"  # class or place of rows that do not say
OTHER_MEMBER = {"CA": "US", "MX": "US", "US": "CA", ALL: ALL}  # where a plant would go within the region; assumption


@dataclass(frozen=True, slots=True)
class Weights:
    """Rows of vehicles of one class and place of assembly that meet the same charges; arrays float64[rows], read-only.

    Charges are one plus what not complying costs: `tau_d` from the plant at home, `tau_r` from another member, `tau_f`
    from outside; ``_q`` are their versions for quantities. Without `tau_r` and `tau_f` nobody moves.
    """

    vehicle_class: tuple[str, ...]
    assembly: tuple[str, ...]
    weight: Array  # > 0, sums to 1
    tau_d: Array  # >= 1
    tau_d_q: Array
    tau_r: Array | None = None
    tau_r_q: Array | None = None
    tau_f: Array | None = None
    tau_f_q: Array | None = None
    moves_to: tuple[str, ...] = ()  # the member from which `tau_r` is paid
    name: str = "given"
    told: tuple[str, ...] = ()  # what the reader assumed

    def __post_init__(self) -> None:
        for values in self.arrays():
            values.setflags(write=False)

    def arrays(self) -> list[Array]:
        """The columns of numbers that are there, each float64[rows]."""
        columns = (
            self.weight,
            self.tau_d,
            self.tau_d_q,
            self.tau_r,
            self.tau_r_q,
            self.tau_f,
            self.tau_f_q,
        )
        return [column for column in columns if column is not None]

    @property
    def may_move(self) -> bool:
        """Whether charges from elsewhere are known."""
        return self.tau_r is not None and self.tau_f is not None

    def least_charge(self) -> Array:
        """The lesser of paying from home and from another member, float64[rows]."""
        return self.tau_d if self.tau_r is None else np.minimum(self.tau_d, self.tau_r)

    def pays_from_member(self) -> NDArray[np.bool_]:
        """Rows, bool[rows], that, not complying, rather pay from another member; at home where both cost the same."""
        return np.zeros(len(self.weight), dtype=bool) if self.tau_r is None else self.tau_r < self.tau_d

    def rows_of(self, vehicle_class: str = ALL, assembly: str = ALL) -> NDArray[np.bool_]:
        """Rows of a class and a place, bool[rows]; `ALL` for any."""
        kind = np.array([vehicle_class in (ALL, name) for name in self.vehicle_class])
        place = np.array([assembly in (ALL, name) for name in self.assembly])
        return np.asarray(kind & place)

    def part(self, rows: NDArray[np.bool_]) -> Weights:
        """Some of the `rows`, chosen by bool[rows], with their weights as they are."""
        kept = np.flatnonzero(rows)

        def words(values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(values[row] for row in kept) if values else ()

        def numbers(values: Array | None) -> Array | None:
            return None if values is None else values[kept]

        return Weights(
            words(self.vehicle_class),
            words(self.assembly),
            self.weight[kept],
            self.tau_d[kept],
            self.tau_d_q[kept],
            numbers(self.tau_r),
            numbers(self.tau_r_q),
            numbers(self.tau_f),
            numbers(self.tau_f_q),
            words(self.moves_to),
            self.name,
        )

    def groups(self) -> list[tuple[str, str]]:
        """Pairs of class and place that have rows: all, each class, each class at each place."""
        classes = [name for name in (*CLASSES, ALL) if name in self.vehicle_class]
        found = [(ALL, ALL)]
        for kind in classes:
            if kind != ALL and len(classes) > 1:
                found.append((kind, ALL))
            pairs = zip(self.vehicle_class, self.assembly, strict=True)
            places = {place for name, place in pairs if name == kind}
            found.extend((kind, place) for place in MEMBERS if place in places)
        return found


def uniform(tau: float, tau_q: float | None = None) -> Weights:
    """Makers that all meet one charge: `tau` is one plus it, a fraction, and `tau_q` its version for quantities."""
    quantity = tau if tau_q is None else tau_q
    return Weights((ALL,), (ALL,), np.array([1.0]), np.array([tau]), np.array([quantity]), name="one charge")
