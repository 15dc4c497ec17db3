"""Files of goods and of declarations, answered one after another; what is wrong with any is told of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sim.errors import SimError
from sim.locate import data_dir, is_file


class FileAnswer(Protocol):
    """What the rooms of origin and duty answer with."""

    @property
    def met(self) -> bool:
        """Whether every figure that the file expects came out."""

    def as_dict(self) -> dict[str, Any]:
        """JSON values with stable keys."""

    def text(self) -> str:
        """What a person reads."""


def origin_of(path: Path) -> list[FileAnswer]:
    """The goods of an origin file, each with its answer."""
    from sim.origin import determine_file

    return list(determine_file(path))


def duty_of(path: Path) -> list[FileAnswer]:
    """The declaration of a file, as one answer."""
    from sim.duty import assess_file

    return [assess_file(path)]


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers to several files.

    Parameters
    ----------
    data : dict
        ``{"files": [{"file": name, "answers": [...]}]}``.
    text : str
        The same as text, under the file's name where there are several.
    problems : str
        What is wrong with files that could not be answered; empty where there is nothing.
    unmet : str
        Files whose expected figures did not come out; empty where all did.
    """

    data: dict[str, Any]
    text: str
    problems: str
    unmet: str


def answer_files(names: Sequence[str], ask: Callable[[Path], list[FileAnswer]]) -> Answered:
    """Answer every file, or say what is wrong with each that is wrong."""
    answers, shown, problems, unmet = [], [], [], []
    for name in names:
        try:
            found = _asked(Path(name), ask)
        except SimError as error:
            problems.append(str(error.within(name)))
            continue
        answers.append({"file": name, "answers": [answer.as_dict() for answer in found]})
        if not all(answer.met for answer in found):
            unmet.append(f"{name}: an expected figure did not come out; it is marked NOT MET.")
        head = [f"{name}\n{'-' * len(name)}"] if len(names) > 1 else []
        shown.append("\n\n".join([*head, *(answer.text() for answer in found)]))
    return Answered({"files": answers}, "\n\n".join(shown), "\n".join(problems), "\n".join(unmet))


def _asked(path: Path, ask: Callable[[Path], list[FileAnswer]]) -> list[FileAnswer]:
    if not is_file(path):
        raise SimError(str(path), ["there is no such file."])
    return ask(path)


def example_of(kind: str) -> str:
    """The file that shows how a question is written: ``origin`` or ``duty``."""
    return (data_dir() / "examples" / f"{kind}.yaml").read_text(encoding="utf-8")
