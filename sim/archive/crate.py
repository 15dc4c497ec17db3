"""What an archive is, by whom and of what, in the form that repositories read: an RO-Crate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CONFORMS = "https://w3id.org/ro/crate/1.1"
LICENCE = "https://spdx.org/licenses/MIT"
_PROGRAM = "#nafta-sim"
_MAKERS = "#maintainers"
_FORMATS = {
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "csv": "text/csv",
    "yaml": "application/yaml",
    "html": "text/html",
    "png": "image/png",
    "svg": "image/svg+xml",
    "md": "text/markdown",
    "txt": "text/plain",
    "py": "text/x-python",
}


def crate_metadata(manifest: Mapping[str, Any], sizes: Mapping[str, int], on: dt.date) -> dict[str, Any]:
    """Metadata of an archive.

    Parameters
    ----------
    manifest : mapping
        Of the study.
    sizes : mapping of str to int
        Bytes of every file but the metadata itself.
    on : date
        Day of publication.

    References
    ----------
    RO-Crate Metadata Specification 1.1: root data set, files, contextual entities.
    https://www.researchobject.org/ro-crate/1.1/
    """
    cited = [_reference(number, entry) for number, entry in enumerate(manifest["references"])]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": manifest["title"],
        "description": manifest["question"],
        "datePublished": on.isoformat(),
        "license": {"@id": LICENCE},
        "creator": {"@id": _MAKERS},
        "identifier": manifest["digest"],
        "keywords": "discrete-event simulation, supply chain, tariffs, rules of origin",
        "hasPart": [{"@id": name} for name in sorted(sizes)],
        "citation": [{"@id": entry["@id"]} for entry in cited],
        "mentions": {"@id": "#run"},
    }
    packages = ", ".join(f"{name} {version}" for name, version in manifest["versions"]["packages"].items())
    program = {
        "@id": _PROGRAM,
        "@type": "SoftwareApplication",
        "name": "nafta-sim",
        "version": manifest["version"],
        "identifier": manifest["versions"]["code"],
        "softwareRequirements": f"Python {manifest['versions']['python']}, {packages}",
        "license": {"@id": LICENCE},
    }
    sizes_of_run = f"{len(manifest['scenarios'])} scenarios, {manifest['replications']} replications"
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"{sizes_of_run}, seed {manifest['seed']}",
        "instrument": {"@id": _PROGRAM},
        "result": [{"@id": f"study/{entry['file']}"} for entry in manifest["runs"]],
    }
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "conformsTo": {"@id": CONFORMS},
                "about": {"@id": "./"},
            },
            root,
            program,
            run,
            {"@id": _MAKERS, "@type": "Organization", "name": "The nafta-sim maintainers"},
            {"@id": LICENCE, "@type": "CreativeWork", "name": "MIT licence"},
            *cited,
            *(_file(name, size) for name, size in sorted(sizes.items())),
        ],
    }


def _file(name: str, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": name, "@type": "File", "name": name.rpartition("/")[2]}
    kind = _FORMATS.get(name.rpartition(".")[2])
    if kind:
        found["encodingFormat"] = kind
    return found if name == "SHA256SUMS" else {**found, "contentSize": str(size)}


def _reference(number: int, entry: Mapping[str, str]) -> dict[str, Any]:
    """A source; its address as its name where it has one, as the specification asks."""
    marked = "" if entry["status"] == "seen" else f" [{entry['status']}]"
    return {
        "@id": f"#reference-{number}",
        "@type": "CreativeWork",
        "name": f"{entry['title']}{marked}",
        **({"url": entry["href"]} if entry["href"] else {}),
    }
