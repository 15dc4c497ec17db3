"""Studies run one after another: what fails of one is kept and told at the end, and the others go on."""

from __future__ import annotations

import textwrap
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sim.errors import LedgerError, SimError, machine_fault, refused
from sim.locate import shown
from sim.study import StudyPlan
from sim.study.errors import RunError

RUN, REPORT = "run", "report"
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Failed:
    """What went wrong with one study.

    Parameters
    ----------
    study, file : str
        Its name, and the file it was asked with.
    step : str
        ``run`` or ``report``.
    message : str
        Where, what was found, and the remedy.
    is_defect : bool
        Whether it is the program's or the machine's, and not the input's.
    """

    study: str
    file: str
    step: str
    message: str
    is_defect: bool


@dataclass(slots=True)
class Batch:
    """How many studies are asked for, and what of them failed so far."""

    count: int
    failed: list[Failed] = field(default_factory=list)

    @contextmanager
    def keeping(self, plan: StudyPlan, step: str, folder: Path) -> Iterator[None]:
        """Keep what fails within, so that the next study begins.

        A run that fails alone is raised as it is, and so is what a disk refuses of a run: the next ones would fail too.
        Of a report, which comes after the results, everything is kept.
        """
        try:
            yield
        except SimError as error:
            if step == RUN and self.count == 1:
                raise
            self._keep(plan, step, str(error), isinstance(error, RunError | LedgerError))
        except Exception as error:
            if step == RUN:
                raise
            self._keep(plan, step, _defect(error, folder), True)

    def each(
        self, plans: Sequence[StudyPlan], out: Path, work: Callable[[StudyPlan], Done], tell: Callable[[str], None]
    ) -> list[Done]:
        """Do the work of each study, in order; what those gave that did not fail.

        Stopped by hand or by a full disk it tells what had failed before, and stops.
        """
        done: list[Done] = []
        try:
            for plan in plans:
                with self.keeping(plan, RUN, out / plan.name):
                    done.append(work(plan))
        except BaseException:
            if self.failed:
                tell(self.text())
            raise
        return done

    def _keep(self, plan: StudyPlan, step: str, message: str, is_defect: bool) -> None:
        file = shown(plan.path) if plan.path else plan.name
        self.failed.append(Failed(plan.name, file, step, message, is_defect))

    def answer(self) -> list[dict[str, Any]]:
        """What failed, with stable keys."""
        return [asdict(failed) for failed in self.failed]

    def text(self) -> str:
        """What failed, study by study in the order asked."""
        if self.count == 1:
            return "\n".join(failed.message for failed in self.failed)
        studies = len({failed.study for failed in self.failed})
        head = f"{studies} of {self.count} studies failed; the same command goes on from what is done."
        return "\n".join([head, *_blocks(self.failed)])


def _blocks(failed: Sequence[Failed]) -> Iterator[str]:
    for one in failed:
        yield f"{one.file}, {one.step}:"
        yield textwrap.indent(one.message, "  ")


def _defect(error: Exception, folder: Path) -> str:
    """What a report says that no input can be blamed for."""
    if machine_fault(error):
        return refused(error)
    text = "".join(traceback.format_exception(error)).rstrip()
    return f"{shown(folder)}: {text}\n    Its results are kept. Repeat just this: sim report {shown(folder)}"
