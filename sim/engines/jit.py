"""Compiling the engines' integer rules: to machine code, once on a machine, kept on disk under a name of their text."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
from numba.core import config

_config: Any = config  # it has no types
R = TypeVar("R", bound=Callable[..., Any])

_HERE = Path(__file__).resolve().parent
# What machine code depends on: the rules, and the numbers that they take from the two contracts.
SOURCES = (*sorted(_HERE.rglob("*.py")), *sorted(_HERE.with_name("ledger").glob("*.py")), _HERE.with_name("plan.py"))


def compiled(function: R, *, is_inner: bool = False) -> R:
    """Compile a rule: a plain function on integers, arrays of integers and named tuples of them.

    Parameters
    ----------
    function : callable
        Must not make arrays: it is compiled without the compiler's counting of references, which would take longer
        than most rules do.
    is_inner : bool
        Put the rule's text into that of its callers instead of calling it: for what happens to every load, since a
        call hands over each array of the tables by itself, about a hundred of them.

    Notes
    -----
    With ``NUMBA_DISABLE_JIT=1`` the rule stays the plain function.
    """
    before = _config.CACHE_DIR
    _config.CACHE_DIR = str(cache_folder())
    try:
        made: R = numba.njit(cache=True, inline="always" if is_inner else "never", **_unmanaged())(function)
    finally:
        _config.CACHE_DIR = before
    return made


def plain(function: R) -> R:
    """The plain form of a rule that calls others: the same text, in which their names mean their plain forms.

    For the reference engine, whose tables are lists. Call it behind the definition of all that the rule names.
    """
    named: dict[str, Any] = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    rules = {name: plain(value.py_func) for name, value in named.items() if hasattr(value, "py_func")}
    if not rules:
        return function
    return cast(R, FunctionType(function.__code__, {**function.__globals__, **rules}, function.__name__))


def rule(function: R) -> R:
    """Mark a function as a compiled rule that is called."""
    return compiled(function)


def inner(function: R) -> R:
    """Mark a function as a compiled rule whose text is put into that of its callers."""
    return compiled(function, is_inner=True)


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """Where machine code is kept: a folder of the user, named by the text of all that it depends on.

    The compiler's own cache does not notice when another file changes; a new name does. Where the user has
    no folder that can be written, the system's folder for temporary files serves.
    """
    text = hashlib.sha256(f"{numba.__version__} {sys.version_info[:2]} {_config.BOUNDSCHECK}".encode())
    for path in SOURCES:
        text.update(path.read_bytes())
    name = f"nafta-sim/{text.hexdigest()[:16]}"
    for folder in (_user_cache(), Path(tempfile.gettempdir())):
        try:
            folder.joinpath(name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder.joinpath(name), os.W_OK):
            return folder.joinpath(name)
    return folder.joinpath(name)


def is_compiled(function: Callable[..., Any]) -> bool:
    """Whether this copy of the program has compiled a rule on this machine before, or need not.

    The compiler keeps machine code by the folder in which a rule's file lies, so that another copy's does not serve.
    """
    if _config.DISABLE_JIT:
        return True
    rule_of: Any = function
    return any(Path(rule_of.stats.cache_path).glob(f"*.{function.__name__}-*.nbc"))


def _user_cache() -> Path:
    named = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    return Path.home() / "Library" / "Caches" if sys.platform == "darwin" else Path.home() / ".cache"


@lru_cache(maxsize=1)
def _unmanaged() -> dict[str, Any]:
    """The option that leaves reference counting out; the compiler names it with an underscore and may rename it."""
    from numba.core.options import DefaultOptions

    return {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}
