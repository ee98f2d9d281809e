"""The state file is opened in one place only: whoever opens and closes it by other means drops SQLite's locks on it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import warroom
from tests.commands import PATIENCE_S, environment
from tests.cutover import rehearsing

PACKAGE = Path(warroom.__file__).parent

# What opens a file, by the last name of the call.
OPENS = {"open", "fdopen", "open_code", "read_bytes", "read_text", "write_bytes", "write_text", "touch", "mkstemp"}
# Modules of which any call may open one.
OPENERS = {"shutil", "tempfile", "mmap", "lite"}
# Calls that are named like that and open none.
HARMLESS = {"mkdtemp", "gettempdir", "which", "get_terminal_size", "disk_usage"}
# Who may, and what they open.
MAY_OPEN = {
    "alerts/channels.py": "the channels file",
    "checks/tabular.py": "exports of the two systems",
    "cli/communication.py": "an edited text",
    "cli/own_terminal.py": "the null device",
    "clock/source.py": "the name of this start of the machine",
    "cli/main.py": "/dev/null, when whoever reads the output has gone",
    "cli/evidence.py": "what is attached",
    "cli/journal.py": "the key with which a seal is signed",
    "cli/output.py": "new files: a runbook, run sheets, records, a document that is given back",
    "cli/person_key.py": "public keys",
    "cli/run_sheet.py": "a run sheet",
    "cli/serve.py": "public keys of authorities",
    "cli/task.py": "a run sheet",
    "host/attaching.py": "what is attached from one's own machine",
    "runbook/reader.py": "the runbook",
    "runbook/starter.py": "the skeleton of a new runbook",
    "serve/links.py": "the secret of the links",
    "serve/host_key.py": "the server's own key",
    "serve/preloaded.py": "the standard streams of a command",
    "serve/places.py": "where people are in their consoles",
    "store/automatic.py": "the lock of the folder of backups",
    "store/files.py": "new files that nobody has yet, and their folder",
    "store/mounts.py": "the list of file systems",
    "store/signing.py": "keys",
    "store/sqlite.py": "the state file: the one place",
    "tui/keys/keymap.py": "the keymap of the user",
    "tui/doing/machine.py": "pictures, tables and copies on the person's own machine",
    "tui/look/themes.py": "themes",
}
SQLITE = {"sqlite3", "pysqlite3", "apsw", "aiosqlite"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def openings(module: ast.Module) -> Iterator[int]:
    """The lines in which something is opened; `StateFile.open` is the way in; sessions and addresses are no files."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(
                    value=ast.Name(id="StateFile" | "sessions") | ast.Attribute(attr="hub"), attr="open"
                ):
                    pass
                case ast.Attribute(value=ast.Call(func=ast.Name(id="build_opener")), attr="open"):
                    pass
                case ast.Attribute(attr=name) if name in HARMLESS:
                    pass
                case ast.Attribute(value=ast.Name(id=name)) if name in OPENERS:
                    yield node.lineno
                case ast.Attribute(attr=name) | ast.Name(id=name) if name in OPENS:
                    yield node.lineno


def test_nobody_else_opens_files() -> None:
    found = {name: list(openings(module)) for name, module in modules()}
    assert {name: lines for name, lines in found.items() if lines and name not in MAY_OPEN} == {}
    assert [name for name in MAY_OPEN if not found[name]] == []


def test_nobody_else_speaks_to_sqlite() -> None:
    for name, module in modules():
        for node in ast.walk(module):
            named = []
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                named = [node.module or ""]
            assert name == "store/sqlite.py" or not {each.partition(".")[0] for each in named} & SQLITE, name


PROGRAM = """
import json, sys
from pathlib import Path
from warroom.cli.main import main
from warroom.store import sqlite

state, connected, opened = sys.argv[1], False, []
connect = sqlite.connect

def connecting(*arguments, **more):
    global connected
    connected = True
    return connect(*arguments, **more)

def call(arguments):
    global connected
    connected = False  # each command leaves the file closed
    return main(arguments)

def look(event, arguments):
    if event == "open" and connected and str(arguments[0]).startswith(state):
        opened.append(str(arguments[0]))

sqlite.connect = connecting
sys.addaudithook(look)
codes = [call(arguments) for arguments in json.loads(sys.argv[2])]
loaded = sorted(name for name in ("_sqlite3", "pysqlite3._sqlite3") if name in sys.modules)
print(json.dumps({"codes": codes, "opened": opened, "loaded": loaded}), file=sys.stderr)
"""

COMMANDS = (
    *(["status"], ["task", "list"], ["task", "show", "A"], ["schedule", "--json"], ["gate", "show", "GO"]),
    *(["alert", "list"], ["run", "list"], ["replay", "--at", "T+1m"], ["confidence", "--trials", "10"]),
    *(["whatif", "A+30m"], ["task", "start", "A"], ["step", "tick", "A.1", "A.2"], ["task", "done", "A"]),
    *(["gate", "vote", "GO", "go"], ["run", "close"], ["journal", "list"], ["journal", "verify"]),
)


def test_commands_open_it_by_one_sqlite_only(tmp_path: Path) -> None:
    """Nor is it, once SQLite has it, opened by anything else; even where it is itself what a command is to read."""
    path = tmp_path / "state.db"
    with rehearsing(path):
        pass
    read_by = (
        *(["evidence", "add", "A", str(path)], ["task", "record", str(path)], ["runbook", "apply", str(path)]),
        *(["journal", "verify", "--seal", str(path)], ["whatif", "A+1h", "--runbook", str(path)]),
        ["runbook", "diff", str(path)],
        ["control", "import", "gl", "--legacy", str(path), "--value", "x", "--key", "y"],
    )
    commands = (*read_by, *COMMANDS)
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), json.dumps(commands)],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
        env=environment(WARROOM_DB=str(path), WARROOM_USER="lena"),
    )
    told = json.loads(ended.stderr.splitlines()[-1])
    assert told["codes"][len(read_by) :] == [0] * len(COMMANDS)
    assert told["codes"][: len(read_by)] == [2] * len(read_by)  # none of these takes it for what it wants
    assert told["opened"] == []
    assert len(told["loaded"]) == 1


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("open(path)", [1]),
        ("with path.open('rb') as file:\n    shutil.copy(a, b)", [1, 2]),
        ("StateFile.open(path)\nlite.connect(path)", [2]),
        ("os.stat(path)\nos.access(path, 1)", []),
    ],
)
def test_an_opening_is_found(source: str, lines: list[int]) -> None:
    assert list(openings(ast.parse(source))) == lines
