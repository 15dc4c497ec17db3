"""Commands on archives: archive, reproduce."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sim.cli.frame import INPUT_WRONG, emit, formatted, progress


@click.command(short_help="A finished study in one file, with all that reproduces it.")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The archive; <study>.zip beside DIR.")
@formatted
def archive(directory: Path, out: Path | None, form: str) -> None:
    """Pack a finished study: results, inputs, program, law, environment, checksums, metadata for repositories."""
    from sim.answers.archive import archive_answer

    emit(form, *archive_answer(directory, out))


@click.command(short_help="Compute an archived study again and compare every digest.")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; one a core by default.")
@formatted
def reproduce(file: Path, jobs: int | None, form: str) -> None:
    """Run an archived study again, here and now; exit 1 where a digest differs."""
    from sim.answers.archive import reproduced_answer
    from sim.archive import reproduce as compute

    with progress(file.name) as bar:
        found = compute(file, jobs, bar)
    emit(form, *reproduced_answer(found))
    if not found.is_whole:
        sys.exit(INPUT_WRONG)
