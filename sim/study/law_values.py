"""One value of the law set otherwise: a small reform written for a sweep, known by its content like any other."""

from __future__ import annotations

import atexit
import datetime as dt
import json
import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from sim.law import Law, load_law
from sim.law.dated import governing
from sim.scenario import Scenario

_ACTIONS = {"in_force": "begin", "suspended": "suspend", "ended": "end"}
_REFERENCE = "set"


def law_type(scenario: Scenario, path: str) -> str:
    """Type of a value of the law of a scenario: ``rate``, ``money``, ``number``, ``flag``, ``state`` and so on.

    Raises
    ------
    LawError
        No such path in that law, its reforms included.
    """
    return load_law(scenario.reforms).history(path).type


def with_law_value(scenario: Scenario, path: str, text: str) -> Scenario:
    """The scenario under a law in which one value is another.

    The value that is in force on the scenario's first measured day, as known to its planners, is replaced from its own
    first day on and for good, and is known as early.

    Parameters
    ----------
    path : str
        A value, or a programme or agreement for its state, such as ``us/proposals/border_tax_35/rate``.
    text : str
        As a law file writes it: ``25 %``, ``USD 30.00``, ``yes``, ``ended``.

    Raises
    ------
    LawError
        No such path, or the text is no value of its type.
    ValueError
        Nothing is in force there on that day.
    """
    law = load_law(scenario.reforms)
    begins, published = _days(law, scenario, path)
    content = _reform(path, text, law.history(path).type, begins, published)
    changed = scenario.with_(reforms=(*scenario.reforms, str(_written(_stem(path, text), content))))
    load_law(changed.reforms)  # refuses a text that is no value
    return changed


def _days(law: Law, scenario: Scenario, path: str) -> tuple[dt.date, dt.date]:
    dated = law.history(path)
    found = governing(dated.vintages, scenario.start, scenario.law_as_of) or governing(
        dated.vintages, scenario.start, None
    )
    if found is None:
        known = [v.begins for v in dated.vintages if v.status != "expected"]
        first = f" Its first day is {min(known)}." if known else ""
        raise ValueError(f"nothing is in force at '{path}' on {scenario.start}, so nothing can be replaced.{first}")
    return found.begins, found.published


def _reform(path: str, text: str, kind: str, begins: dt.date, published: dt.date) -> str:
    days = f"from: {begins}, published: {published}"
    quoted = json.dumps(text, ensure_ascii=False)
    if kind == "state":
        change = f"  - {{{_ACTIONS.get(text, text)}: {path}, {days}, reference: {_REFERENCE}}}\n"
    else:
        vintage = f"{{{days}, value: {quoted}, status: assumption, reference: {_REFERENCE}}}"
        change = f"  - replace: {path}\n    vintages:\n      - {vintage}\n"
    return (
        f"title: {json.dumps(f'{path} set to {text}', ensure_ascii=False)}\n"
        "description: Set by a study that varies this value.\n"
        f'references:\n  {_REFERENCE}: {{title: "set by the study", mark: assumption}}\n'
        f"changes:\n{change}"
    )


def _stem(path: str, text: str) -> str:
    """A file name that tells what is set: the last two steps of the path and the value."""
    words = "_".join([*path.split("/")[-2:], "at", text.replace("%", "pct")])
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _written(stem: str, content: str) -> Path:
    """The reform as a file of this process, until a study carries it with it."""
    path = _folder() / f"{stem}.yaml"
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        if path.is_file():  # of another scenario, whose value began on another day
            path = Path(tempfile.mkdtemp(dir=_folder())) / path.name
        path.write_text(content, encoding="utf-8", newline="\n")
    return path


@lru_cache(maxsize=1)
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sim-reforms-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
