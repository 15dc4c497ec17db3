"""Reading the law from its folder, with reforms laid over it, or telling every problem found."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sim.errors import LawError, Problem, nearest
from sim.law.agreement import Agreement
from sim.law.agreement_file import read_agreement
from sim.law.amounts import referred
from sim.law.conditions import mentioned
from sim.law.law import Law
from sim.law.precedence import Relation, members, read_precedence
from sim.law.programme import KINDS, Programme, read_programme
from sim.law.reform import Parts, apply_reform, owners_of
from sim.locate import is_file
from sim.reading import Node, hint, in_file_order
from sim.yaml_text import read_yaml

LAW_FOLDER = Path(__file__).resolve().parent.parent / "data" / "law"
_REFORMS = "reforms"


def load_law(reforms: Sequence[str | Path] = (), folder: Path = LAW_FOLDER) -> Law:
    """The law, with reforms laid over it in the order given.

    Parameters
    ----------
    reforms : sequence of str or Path
        Names of reforms that come with the program (see `list_reforms`), or paths of YAML files.

    folder : Path
        Where the law files are; by default those that come with the program.

    Returns
    -------
    Law
        Frozen, and shared between calls with the same reforms.

    Raises
    ------
    LawError
        A file is wrong, or a reform is not found; every problem is told.
    """
    names = tuple(str(reform) for reform in reforms)
    return _load(folder, names, tuple(_stamp(Path(name)) for name in names))


def list_reforms() -> tuple[str, ...]:
    """Names of the reforms that come with the program."""
    return tuple(sorted(path.stem for path in (LAW_FOLDER / _REFORMS).glob("*.yaml")))


@lru_cache(maxsize=64)
def _load(folder: Path, reforms: tuple[str, ...], stamps: tuple[tuple[int, int], ...]) -> Law:
    """`stamps` tell one state of a reform's file from the next."""
    parts, content = read_folder(folder)
    sha = hashlib.sha256(content)
    for layer, name in enumerate(reforms, start=1):
        path = _find_reform(folder, name)
        before = parts
        parts = _overlay(parts, path, layer)
        sha.update(_changed(before, parts))
    agreements = {x.name: x for x in parts.agreements.values()}
    return Law(parts.programmes, agreements, parts.relations, reforms, sha.hexdigest())


def _stamp(path: Path) -> tuple[int, int]:
    """Time and size of a reform file of one's own; zeros for a name of the program's."""
    if not is_file(path):
        return (0, 0)
    found = path.stat()
    return (found.st_mtime_ns, found.st_size)


def _changed(before: Parts, after: Parts) -> bytes:
    """What a reform changed, as bytes: nothing for a reform that changes nothing."""
    old = {id(owner) for owner in owners_of(before)}
    owners = [repr(owner) for owner in owners_of(after) if id(owner) not in old]
    related = [repr(relation) for relation in after.relations[len(before.relations) :]]
    return "\n".join(owners + related).encode()


def _find_reform(folder: Path, name: str) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    known = sorted(path.stem for path in (folder / _REFORMS).glob("*.yaml"))
    if name not in known:
        raise LawError("law", [f"no reform named '{name}'. {nearest(name, known, 'reforms')}"])
    return folder / _REFORMS / f"{name}.yaml"


def _overlay(parts: Parts, path: Path, layer: int) -> Parts:
    document, problems = read_yaml(path)
    if document is None:
        raise LawError(path.name, problems)
    parts = apply_reform(parts, Node(document.value, (), document, problems), layer)
    problems += _crossings(parts)
    if problems:
        raise LawError(path.name, in_file_order(problems))
    return parts


@lru_cache(maxsize=8)
def read_folder(folder: Path) -> tuple[Parts, bytes]:
    """All law files of a folder, and the bytes that identify them.

    Raises
    ------
    LawError
        With every problem of every file.
    """
    programmes: dict[str, Programme] = {}
    agreements: dict[str, Agreement] = {}
    relations: list[Relation] = []
    problems: list[Problem] = []
    content = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name.startswith(f"{_REFORMS}/"):
            continue
        content.update(name.encode())
        _read_file(path, name, programmes, agreements, relations, problems)
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.csv")]):
        if _REFORMS not in path.relative_to(folder).parts:
            content.update(path.read_bytes().replace(b"\r\n", b"\n"))
    parts = Parts(dict(sorted(programmes.items())), agreements, tuple(relations))
    problems += _crossings(parts)
    if problems:
        raise LawError("law", problems)
    return parts, content.digest()


def _read_file(
    path: Path,
    name: str,
    programmes: dict[str, Programme],
    agreements: dict[str, Agreement],
    relations: list[Relation],
    problems: list[Problem],
) -> None:
    document, found = read_yaml(path)
    if document is not None:
        node = Node(document.value, (), document, found)
        kind = document.value.get("kind") if isinstance(document.value, dict) else None
        if kind == "agreement":
            agreements[name] = read_agreement(name, node)
        elif kind == "precedence":
            relations.extend(read_precedence(node))
        elif kind in KINDS:
            programmes[name] = read_programme(name, node, lambda file: (path.parent / file).read_text("utf-8"))
        else:
            word = f"'{kind}' is not a kind. " if kind else "the key 'kind' is missing. "
            found.append(Problem("line 1", word + nearest(str(kind), KINDS, "kinds")))
    problems += [Problem(f"{name}.yaml {x.where}".strip(), x.message) for x in in_file_order(found)]


def _crossings(parts: Parts) -> list[Problem]:
    """Names that stand for nothing: in relations, in conditions on the agreement, in duties referred to."""
    groups = {group for programme in parts.programmes.values() for group in programme.groups}
    allowed = (*parts.programmes, *groups)
    found = [
        Problem("precedence", f"no programme or group named '{name}'. {nearest(name, allowed, 'names')}")
        for relation in parts.relations
        for name in (relation.over, relation.under, *referred(relation.part))
        if name and not members(name, parts.programmes)  # a name left out is told already
    ]
    agreements = [agreement.name for agreement in parts.agreements.values()]
    for programme in parts.programmes.values():
        for heading in programme.headings:
            where = f"{programme.path}, heading {heading.name}"
            for name in mentioned(heading.when, "agreement"):
                if name and name not in agreements:
                    message = f"no agreement named '{name}'. {hint(name, agreements, 'agreements')}"
                    found.append(Problem(where, message))
            amounts = (heading.base, heading.less, heading.at_least, heading.at_most)
            for name in (path for amount in amounts for path in referred(amount)):
                if name not in parts.programmes:
                    message = f"no programme named '{name}'. {nearest(name, parts.programmes, 'programmes')}"
                    found.append(Problem(where, message))
        listed = [*programme.of, *(name for choice in programme.choices for name in choice.unless_subject)]
        found += [
            Problem(programme.path, f"no programme or group named '{name}'. {nearest(name, allowed, 'names')}")
            for name in dict.fromkeys(listed)
            if not members(name, parts.programmes)
        ]
    return found
