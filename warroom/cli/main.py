"""The entry point: finds the command, and turns whatever goes wrong into words and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from warroom.cli.command import Invocation, Lazy, LazyGroup
from warroom.cli.output import write_error
from warroom.vocabulary.errors import BadInput, WarroomError, for_others

INTERRUPTED = 130
INTERNAL = 70  # a fault of warroom itself, which none of the documented codes stands for

COMMANDS = {
    "demo": Lazy("warroom.cli.demo", "demo", "Watch a simulated cutover."),
    "init": Lazy("warroom.cli.init", "init", "Create a state file from a runbook."),
    "open": Lazy("warroom.cli.open", "open_console", "Open the console."),
    "serve": Lazy("warroom.cli.serve", "serve", "Serve consoles over SSH to everybody who takes part."),
    "run": Lazy("warroom.cli.run", "run", "Start, hold and close rehearsals and the live run."),
    "status": Lazy("warroom.cli.status", "status", "Where the cutover stands."),
    "task": Lazy("warroom.cli.task", "task", "Show tasks and work on them."),
    "step": Lazy("warroom.cli.step", "step", "Tick the steps of a task."),
    "undo": Lazy("warroom.cli.undo", "undo", "Take back your own last action."),
    "gate": Lazy("warroom.cli.gate", "gate", "Show gates, judge their criteria, vote and decide."),
    "problem": Lazy("warroom.cli.problem", "problem", "The log of the night: what is wrong, and who takes care."),
    "log": Lazy("warroom.cli.log", "log", "The whole log of the night: decisions and papers too."),
    "control": Lazy("warroom.cli.control", "control", "Show control totals, enter, compare and sign them."),
    "rollback": Lazy("warroom.cli.rollback", "rollback", "The way back: triggers, back-out, recovery."),
    "person": Lazy("warroom.cli.person", "person", "Show, add and edit people; who is away, who stands in."),
    "party": Lazy("warroom.cli.party", "party", "Show and add companies, vendors and desks."),
    "handover": Lazy("warroom.cli.handover", "handover", "Hand over a shift."),
    "roll": Lazy("warroom.cli.roll", "roll", "Call the roll, and tick who answers."),
    "shout": Lazy("warroom.cli.shout", "shout", "Show a line, with a bell, in other people's consoles."),
    "schedule": Lazy("warroom.cli.status", "schedule", "Plan, forecast, float and delay of every task."),
    "alert": Lazy("warroom.cli.alert", "alert", "Show alerts, answer them, and their rules."),
    "communication": Lazy("warroom.cli.communication", "communication", "Preview, approve and send notices."),
    "replay": Lazy("warroom.cli.replay", "replay", "Play a run's past, or print one instant of it."),
    "whatif": Lazy("warroom.cli.whatif", "whatif", "What would break if a task slipped."),
    "confidence": Lazy("warroom.cli.confidence", "confidence", "How likely it is that the cutover fits."),
    "journal": Lazy("warroom.cli.journal", "journal", "List, follow, verify and seal the journal."),
    "evidence": Lazy("warroom.cli.evidence", "evidence", "Attach files to tasks as evidence."),
    "backup": Lazy("warroom.cli.backup", "backup", "Copy the state file, verified, or keep a standby."),
    "restore": Lazy("warroom.cli.backup", "restore", "Make a backup the state file again."),
    "doctor": Lazy("warroom.cli.doctor", "doctor", "Check the state file and what it stands on."),
    "runbook": Lazy("warroom.cli.runbook", "runbook", "Start, check, compare and apply runbook files."),
    "simulate": Lazy("warroom.cli.demo", "simulate", "Let simulated people play an open rehearsal."),
}


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="warroom", prog_name="warroom", message="%(prog)s %(version)s")
def root() -> None:
    """The console for an ERP cutover: one state file, one way to write, one picture.

    \b
    warroom init runbook.yaml                create ./warroom.db
    warroom run start --rehearsal "mock 1"   start a rehearsal
    warroom open                             open the console
    warroom demo                             see one that plays itself

    Exit codes: 0 done, 1 refused, 2 bad input, 3 state file unusable, 4 busy (try again), 130 interrupted.
    """


def main(arguments: Sequence[str], invocation: Invocation | None = None) -> int:
    """Run one command and return its exit code. What went wrong is told on stderr; a traceback never is.

    Args:
        invocation: what is known of whoever runs it before the arguments are read; None: nothing.

    Raises:
        BrokenPipeError: whoever reads the output has gone.
    """
    invocation = invocation or Invocation()
    invocation.as_json = "--json" in _options(arguments)
    try:
        with root.make_context("warroom", list(arguments), obj=invocation) as context:
            root.invoke(context)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        if not invocation.as_json:
            click.echo(error.format_message(), err=True)
            return BadInput.exit_code
        return _fail(BadInput("a command is missing", hint=_help_of(error)), invocation)
    except click.ClickException as error:
        return _fail(_bad_input(error), invocation)
    except WarroomError as error:
        return _fail(error, invocation)
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get("WARROOM_TRACEBACK"):
            raise
        write_error(_internal(error), as_json=invocation.as_json)
        return INTERNAL
    return 0


def run(arguments: Sequence[str] | None = None, invocation: Invocation | None = None) -> int:
    """Run one command as all that a process does, and return the exit code with which that should end.

    Args:
        arguments: None: those of the process.
        invocation: as for `main`.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            # JSON is UTF-8 wherever it goes, and a terminal that is not shows something at least.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = main(sys.argv[1:] if arguments is None else arguments, invocation)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        # What the reader wanted, it has. The interpreter flushes once more at exit, to where nobody reads.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    return code


def _options(arguments: Sequence[str]) -> Sequence[str]:
    """The arguments before a "--", which ends the options."""
    return arguments[: list(arguments).index("--")] if "--" in arguments else arguments


def _fail(error: WarroomError, invocation: Invocation) -> int:
    served = invocation.known is not None
    write_error(for_others(error) if served else error, as_json=invocation.as_json)
    return error.exit_code


def _bad_input(error: click.ClickException) -> BadInput:
    """What click found wrong in the words that were typed, as one of our errors."""
    near = getattr(error, "possibilities", None)
    message = error.message if near else error.format_message()
    hint = f"did you mean {near[0]}?" if near else _help_of(error)
    return BadInput(" ".join(message.split()).rstrip("."), hint=hint)


def _internal(error: Exception) -> WarroomError:
    """What no part of warroom foresaw, in words."""
    if isinstance(error, OSError) and error.strerror:
        problem = WarroomError(f"the system refused: {error.strerror}", where=error.filename)
    else:
        problem = WarroomError(
            f"something went wrong inside warroom: {type(error).__name__}: {error}",
            hint="WARROOM_TRACEBACK=1 shows where; please report it",
        )
    problem.code = "internal"
    return problem


def _help_of(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"see: {'warroom' if context is None else context.command_path} --help"
