"""References of a study as BibTeX, for those who write with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\~{}", "^": r"\^{}"})
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


def bibtex(references: Sequence[Mapping[str, Any]]) -> str:
    r"""One ``@misc`` entry a reference, keyed by its first words and its year, in the order given.

    Parameters
    ----------
    references : sequence of mapping
        ``title``, and if known ``href`` and ``status``.

    Examples
    --------
    >>> print(bibtex([{"title": "Duty & origin, 2017", "href": "https://example.org/a_b", "status": "memory"}]))
    @misc{duty_origin_2017,
      title = {{Duty \& origin, 2017}},
      url = {https://example.org/a_b},
      year = {2017},
      note = {memory},
    }
    <BLANKLINE>
    """
    entries, taken = [], set[str]()
    for reference in references:
        title = str(reference.get("title") or reference.get("href") or "")
        href, status = str(reference.get("href") or ""), str(reference.get("status") or "")
        found = _YEAR.search(title)
        key = _key(title, taken)
        taken.add(key)
        fields = [("title", f"{{{_escaped(title)}}}")]
        fields += [("url", href)] if href.startswith(("https://", "http://")) and not set("{}\\ ") & set(href) else []
        fields += [("year", found[1])] if found else []
        fields += [("note", _escaped(status))] if status and status != "seen" else []
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
        entries.append(f"@misc{{{key},\n{lines}}}\n")
    return "\n".join(entries)


def _escaped(text: str) -> str:
    plain = "".join(letter for letter in text if letter.isprintable() and letter not in "{}\\")
    return plain.translate(_SPECIAL)


def _key(title: str, taken: set[str]) -> str:
    words = re.findall(r"[a-z]+", title.lower())[:2]
    year = _YEAR.search(title)
    stem = "_".join([*words, *([year[1]] if year else [])]) or "reference"
    return next(name for n in range(len(taken) + 1) if (name := f"{stem}{'_' + str(n + 1) if n else ''}") not in taken)
