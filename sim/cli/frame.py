"""What every command shares: wrong names answered, exit codes, ``--format``, results printed, progress shown."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from sim.study import Progress

F = TypeVar("F", bound=Callable[..., Any])
FIGURES = (".svg", ".png", ".pdf")  # endings of files that a figure is written to
INPUT_WRONG, RUN_FAILED, STOPPED = 1, 3, 130  # exit codes; 0 done, 2 usage (click's own)


class Commands(click.Group):
    """Answers a wrong command with the nearest one, and a wrong input with all its problems."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from sim.errors import nearest

            ctx.fail(f"no command '{args[0]}'. {nearest(args[0], self.list_commands(ctx), 'commands')}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit 1 where the input is wrong, 3 where a run failed or a disk refused, 130 where stopped."""
        from sim.errors import LedgerError, SimError, machine_fault, refused

        try:
            return super().invoke(ctx)
        except SimError as error:
            click.echo(str(error), err=True)
            from sim.study.errors import RunError

            ctx.exit(RUN_FAILED if isinstance(error, RunError | LedgerError) else INPUT_WRONG)
        except KeyboardInterrupt:
            click.echo("\nStopped. What is done is kept: the same command goes on.", err=True)
            ctx.exit(STOPPED)
        except OSError as error:
            if not machine_fault(error):
                raise
            click.echo(refused(error), err=True)
            ctx.exit(RUN_FAILED)


def formatted(command: F) -> F:
    """Add ``--format text|json``."""
    choice = click.Choice(["text", "json"])
    return click.option("--format", "form", type=choice, default="text", help="How to show the result.")(command)


def emit(form: str, answer: dict[str, Any], text: str) -> None:
    """Print a result, as text or as JSON."""
    if form == "json":
        import json

        text = json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(text)


def refuse_beside(flag: str, names: Iterable[str]) -> None:
    """Refuse options of this command that were written beside one with which they would do nothing."""
    context = click.get_current_context()
    written = [
        option.opts[0]
        for option in context.command.params
        if option.name in names and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]
    if written:
        raise click.UsageError(f"{flag} takes no {', '.join(written)}.")


def require_figure(path: Path | None) -> None:
    """Refuse a name that does not say how a figure shall be written."""
    if path is not None and path.suffix.lower() not in FIGURES:
        raise click.UsageError(f"a figure ends in {', '.join(FIGURES)}; '{path.name}' does not.")


def say(text: str) -> None:
    """Tell what takes long, on standard error."""
    click.echo(text, err=True)


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """A line on standard error that says what is being done; whole lines where that is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield say
        return
    with console.status("") as status:
        yield lambda text: status.update(text)


@contextmanager
def progress(name: str) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on standard error; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None, pace="")
        began = time.monotonic()

        def show(progress: Progress) -> None:
            pace = pace_of(progress, time.monotonic() - began)
            bar.update(task, total=progress.total, completed=progress.done, pace=pace)

        yield show


def pace_of(progress: Progress, seconds: float) -> str:
    """Runs a minute, time left and failures, of what was run in so many seconds; what was kept is not counted.

    Examples
    --------
    >>> from sim.study import Progress
    >>> pace_of(Progress(done=70, total=100, reused=40, failed=1), 60.0)
    '30 runs a minute, 1:00 left, 1 failed'
    """
    new = progress.done - progress.reused
    failed = f"{progress.failed} failed" if progress.failed else ""
    if new <= 0 or seconds <= 0:
        return failed
    left = round((progress.total - progress.done) * seconds / new)
    clock = f"{left // 3600}:{left // 60 % 60:02d}:{left % 60:02d}" if left >= 3600 else f"{left // 60}:{left % 60:02d}"
    return ", ".join(filter(None, (f"{60 * new / seconds:,.0f} runs a minute", f"{clock} left", failed)))
