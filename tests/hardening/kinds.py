"""Every kind of file that a user can write: how one is made wrong, and what reads it from the command line."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from sim.cli import cli
from sim.errors import SimError
from sim.locate import data_dir, scenario_dir
from sim.workbook.xlsx import read_sheets, write_sheets
from tests.hardening.mutate import byte_mutated, mutated, table_mutated, zip_mutated

TESTS = Path(__file__).resolve().parents[1]
MUTANT = "mutant"  # stem of the file that is wrong
MOST_TEXT = 60_000  # characters of an answer: what was found is quoted, never repeated whole
# Words of the machinery: what Python says to a programmer is no answer to a user.
MACHINERY = re.compile(
    r"Traceback|object at 0x|NoneType|list index|invalid literal|could not convert|<class|unhashable|KeyError|TypeError"
    r"|ValueError|not subscriptable|has no attribute|unpack|ConversionSyntax|positional argument|Errno|errno"
    r"|codec can't|surrogates not allowed|Exceeds the limit|maximum recursion|takes a number of seconds"
)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # orders to a terminal, turned text


@dataclass(frozen=True, slots=True)
class Told:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of input: `make` writes a wrong one below a folder and returns what asks for it."""

    name: str
    make: Callable[[Random, Path], list[str] | Callable[[], object]]


def told(arguments: list[str]) -> Told:
    """Run a command in this process; whatever escapes it that is no exit is a defect and goes through."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main(args=arguments, prog_name="sim")
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return Told(code, out.getvalue(), err.getvalue())


def tried(kind: Kind, draw: Random, folder: Path) -> Told:
    """Make a wrong input and ask for it; asserts that the answer is one for a user."""
    before = _inside(folder)
    asked = kind.make(draw, folder)
    made = _inside(folder) | {"made"}
    if callable(asked):
        try:
            asked()
            answer = Told(0, "", "")
        except SimError as error:
            answer = Told(1, "", str(error))
    else:
        answer = told(asked)
    require_answer(answer)
    left = _inside(folder) - made
    assert not left, f"left behind: {left}"
    assert answer.code == 0 or not (folder / "made").exists(), "refused, and written"
    for name in made - before:
        _remove(folder / name)
    return answer


def require_answer(answer: Told, name: str = MUTANT) -> None:
    """Assert that an answer is one for a user: done, or refused with the file's name, in words, in bounds."""
    assert answer.code in (0, 1, 2), f"exit {answer.code}: {answer.text[:2000]}"
    answered = answer.code == 0 or "NOT MET" in answer.text  # the second: not as its writer expected
    assert len(answer.text) < MOST_TEXT or answered, f"{len(answer.text)} characters: {answer.text[:2000]}"
    answer.text.encode("utf-8")
    if answered:
        return
    assert answer.text.strip(), "refused without a word"
    assert name in answer.text, f"the file is not named: {answer.text[:2000]}"
    said = MACHINERY.search(answer.text)
    assert not said, f"machinery '{said and said[0]}': {answer.text[:2000]}"
    unseen = _UNSEEN.search(answer.text)
    assert not unseen, f"unseen character {unseen and unseen[0]!r}: {answer.text[:2000]}"
    assert "  : " not in answer.text
    assert not re.search(r"(?m)^  [^:]*: *$", answer.text), f"a problem without words: {answer.text[:2000]}"


def _inside(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@lru_cache(maxsize=32)
def texts(kind: str) -> tuple[str, ...]:
    """Shipped files, and those of the tests, from which wrong ones of a kind are made."""
    shipped = [path for path in sorted(scenario_dir().glob("*.yaml")) if not path.name.startswith("_")]
    words = {path: path.read_text(encoding="utf-8") for path in shipped}
    files: dict[str, list[Path]] = {
        "scenario": [
            *(path for path, text in words.items() if not re.search(r"(?m)^(scenarios|sweeps|branches):", text)),
            *(path for path in sorted((TESTS / "scenarios" / "valid").glob("*.yaml")) if path.name[0] != "_"),
        ],
        "study": [path for path, text in words.items() if re.search(r"(?m)^(scenarios|sweeps):", text)],
        "tree": [path for path, text in words.items() if re.search(r"(?m)^branches:", text)],
        "reform": [*(data_dir() / "law" / "reforms").glob("*.yaml"), *(TESTS / "duty" / "reforms").glob("*.yaml")],
        "law": [path for path in (data_dir() / "law").rglob("*.yaml") if "reforms" not in path.parts],
        "origin": [data_dir() / "examples" / "origin.yaml", *(TESTS / "origin").glob("*.yaml")],
        "duty": [data_dir() / "examples" / "duty.yaml", *(TESTS / "duty").glob("*.yaml")],
    }
    return tuple(path.read_text(encoding="utf-8") for path in sorted(files[kind]))


def _yaml(kind: str, command: list[str]) -> Kind:
    def make(draw: Random, folder: Path) -> list[str]:
        known = texts(kind)
        path = folder / f"{MUTANT}.yaml"
        path.write_bytes(mutated(draw, draw.choice(known), known))
        return [*command, str(path)]

    return Kind(kind, make)


def _base(draw: Random, folder: Path) -> list[str]:
    """A scenario or study that is well, upon a base that is wrong."""
    known = texts("scenario")
    bases = [path.read_text(encoding="utf-8") for path in sorted(scenario_dir().glob("_*.yaml"))]
    (folder / f"_{MUTANT}.yaml").write_bytes(mutated(draw, draw.choice(bases), known))
    text = re.sub(r"(?m)^extends: .*$", f"extends: _{MUTANT}.yaml", draw.choice(known))
    (folder / f"{MUTANT}.yaml").write_text(text, encoding="utf-8")
    return ["check", str(folder / f"{MUTANT}.yaml")]


def _law(draw: Random, folder: Path) -> Callable[[], object]:
    """One file of a law folder of one's own, with its table."""
    from sim.law.load import load_law, read_folder

    place = folder / MUTANT
    place.mkdir()
    for table in (data_dir() / "law").rglob("*.csv"):
        rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
        changed = table_mutated(draw, rows) if draw.random() < 0.2 else rows
        (place / table.name).write_text(_csv(changed), encoding="utf-8", errors="replace")
    known = texts("law")
    (place / f"{MUTANT}.yaml").write_bytes(mutated(draw, draw.choice(known), known))

    def ask() -> object:
        read_folder.cache_clear()
        try:
            return load_law(folder=place)
        except SimError as error:  # what else the folder lacks does not name the file
            raise SimError(MUTANT, list(error.problems)) from error

    return ask


def _targets(draw: Random, folder: Path) -> Callable[[], object]:
    from sim.answers.validate import EXAMPLE
    from sim.validation.own import read_targets

    path = folder / f"{MUTANT}.yaml"
    path.write_bytes(mutated(draw, EXAMPLE, (EXAMPLE,)))
    return lambda: read_targets(path)


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _network(draw: Random, folder: Path) -> list[str]:
    source = data_dir() / "networks" / draw.choice(("seat_control", "seat_control", "midsize"))
    place = folder / MUTANT
    shutil.copytree(source, place, ignore=shutil.ignore_patterns("*.md", "facts"))
    for _ in range(draw.choice((1, 1, 2))):
        files = sorted(place.glob("*.csv"))
        path = draw.choice(files)
        if draw.random() < 0.1:
            path.rename(path.with_name(draw.choice(("x.csv", "x.txt"))))
        elif draw.random() < 0.15:
            path.write_bytes(byte_mutated(draw, path.read_bytes()))
        else:
            rows = list(csv.reader(path.read_text(encoding="utf-8", errors="replace").splitlines()))
            path.write_text(_csv(table_mutated(draw, rows)), encoding="utf-8", errors="replace")
    return ["network", "check", str(place)]


@lru_cache(maxsize=1)
def _books() -> tuple[dict[str, list[list[str]]], ...]:
    from tests.workbook.test_workbook import SHORT

    network = data_dir() / "networks" / "seat_control"
    return SHORT, SHORT, read_sheets(network)


@lru_cache(maxsize=4)
def _packed(number: int, folder: Path) -> bytes:
    path = folder / "whole.xlsx"
    write_sheets(path, _books()[number])
    raw = path.read_bytes()
    path.unlink()
    return raw


def _workbook(draw: Random, folder: Path) -> list[str]:
    number = draw.randrange(3)
    path = folder / f"{MUTANT}.xlsx"
    if draw.random() < 0.35:
        path.write_bytes(zip_mutated(draw, _packed(number, folder)))
    else:
        sheets = {name: [list(row) for row in rows] for name, rows in _books()[number].items()}
        for _ in range(draw.choice((1, 1, 2))):
            name = draw.choice(sorted(sheets))
            kind = draw.random()
            if kind < 0.05:
                del sheets[name]
            elif kind < 0.1:
                sheets[draw.choice(("Sites", name + "s", "x", "y" * 31))] = sheets.pop(name)
            else:
                sheets[name] = [
                    [re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "?", cell) for cell in row]
                    for row in table_mutated(draw, sheets[name])
                ]
        if draw.random() < 0.3:
            path = folder / f"{MUTANT}.book"
        write_sheets(path, sheets)
    return ["network", "import", str(path), str(folder / "made"), "--force"]


_WEIGHTS = """class,assembly,model,weight,tau_D,tau_D_q,tau_R,tau_R_q,tau_F,tau_F_q,moves_to,basis
cars,US,home,350.8,1.003568,1.003402,1.024711,1.024603,1.057185,1.057036,CA,estimate
trucks,MX,usual,60.25,1.012210,1.012177,1.147768,1.144058,1.178572,1.174140,US,assumption
cars,CA,usual,22,1.002,1.002,1.02,1.02,1.06,1.05,MX,assumption
"""


def _weights(draw: Random, folder: Path) -> list[str] | Callable[[], object]:
    """Makers of `sim laffer`: read always, put under a rule now and then."""
    from sim.population.weights_file import load_weights

    path = folder / f"{MUTANT}.csv"
    if draw.random() < 0.2:
        path.write_bytes(byte_mutated(draw, _WEIGHTS.encode()))
    else:
        rows = table_mutated(draw, list(csv.reader(_WEIGHTS.splitlines())))
        text = _csv(rows)
        path.write_text(text.replace(",", draw.choice((",", ",", ";", "\t"))), encoding="utf-8", errors="replace")
    if draw.random() < 0.9:
        return lambda: load_weights(path)
    return ["laffer", "--weights", str(path), "--rule", "75", "--location", "fixed"]


KINDS = (
    _yaml("scenario", ["check"]),
    Kind("base", _base),
    _yaml("study", ["check"]),
    _yaml("tree", ["check"]),
    _yaml("reform", ["check"]),
    Kind("law", _law),
    _yaml("origin", ["origin"]),
    _yaml("duty", ["duty"]),
    Kind("targets", _targets),
    Kind("network", _network),
    Kind("workbook", _workbook),
    Kind("weights", _weights),
)


def ready(folder: Path) -> Path:
    """A folder in which wrong files find the shipped ones beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in scenario_dir().glob("*.yaml"):
        shutil.copyfile(path, folder / path.name)
    shutil.copytree(TESTS / "duty" / "reforms", folder / "reforms", dirs_exist_ok=True)
    return folder


def cases(kind: Kind, seed: int) -> Iterator[Random]:
    """Draws of a kind, one after another, each known by its number."""
    number = seed
    while True:
        yield Random(f"{kind.name} {number}")
        number += 1
