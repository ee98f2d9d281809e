"""What may import what, and what only one place may do."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import warroom

PACKAGE = Path(warroom.__path__[0])


Modules = dict[str, ast.Module]


@pytest.fixture(scope="module")
def modules() -> Modules:
    """What is written in each module of the package, by its path there: a hundred megabytes, not to be kept."""
    return {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text()) for path in PACKAGE.rglob("*.py")}


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that are loaded after `statement` in a fresh interpreter."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize(
    ("module", "dear"),
    [
        ("warroom.actions.registry", {"textual", "numpy", "apscheduler", "ruamel", "pendulum", "click"}),
        ("warroom.board.load, warroom.board.forecast", {"textual", "numpy", "apscheduler", "ruamel", "pendulum"}),
        ("warroom.cli.whatif, warroom.cli.confidence, warroom.cli.status", {"numpy"}),
        ("warroom.host.local", {"textual", "numpy", "ruamel"}),
        ("warroom.schedule.passes", {"textual", "numpy", "sqlmodel", "sqlalchemy", "pydantic"}),
        ("warroom.vocabulary.errors, warroom.vocabulary.journal", {"sqlmodel", "sqlalchemy", "pydantic", "textual"}),
    ],
)
def test_what_is_dear_is_not_loaded(module: str, dear: set[str]) -> None:
    assert loaded_by(f"import {module}") & dear == set()


def test_parts_import_downwards_only() -> None:
    """The contracts of pyproject.toml, which import-linter holds."""
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter is not None, "import-linter belongs to the development tools"
    done = subprocess.run(
        [linter, "--no-cache"], cwd=PACKAGE.parent, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout


def calls(tree: ast.AST) -> Iterator[str]:
    """Every called name, such as "datetime.now"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def imported_from_databases(tree: ast.AST) -> Iterator[str]:
    """Names that come from SQLModel or SQLAlchemy."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("sqlmodel", "sqlalchemy"):
            yield from (alias.name for alias in node.names)


def where(found: dict[str, set[str]]) -> set[str]:
    return {name for name, hits in found.items() if hits}


def test_now_comes_from_one_place(modules: Modules) -> None:
    clocks = {"datetime.now", "datetime.utcnow", "date.today", "dt.datetime.now", "time.time", "datetime.today"}
    assert where({name: clocks & set(calls(tree)) for name, tree in modules.items()}) == {"clock/source.py"}


def test_the_file_is_opened_in_one_place(modules: Modules) -> None:
    """And by one SQLite only: two of them in one process do not see each other's locks."""
    drivers = {"sqlite3", "pysqlite3"}
    assert where({name: drivers & set(imports(tree)) for name, tree in modules.items()}) == {"store/sqlite.py"}


def test_rows_change_through_the_gateway_only(modules: Modules) -> None:
    """No ORM session anywhere, whose changes the gateway would not see."""
    orm = {"Session", "sessionmaker", "AsyncSession", "scoped_session"}
    assert where({name: orm & set(imported_from_databases(tree)) for name, tree in modules.items()}) == set()
    gateways = {name: {"Gateway"} & set(calls(tree)) for name, tree in modules.items()}
    assert where(gateways) == {"store/statefile.py"}


def test_nothing_is_pickled(modules: Modules) -> None:
    """Whoever can write a pickle into the file could run code in whoever reads it."""
    assert where({name: {"pickle", "shelve", "dill"} & set(imports(tree)) for name, tree in modules.items()}) == set()


def test_no_module_keeps_a_state(modules: Modules) -> None:
    """Many consoles live in one process: nothing declares itself global."""
    declared = {
        name: {type(node).__name__ for node in ast.walk(tree) if isinstance(node, ast.Global)}
        for name, tree in modules.items()
    }
    assert where(declared) == set()
