"""What every command has: --db, --as and --json, in any place; groups that load their commands when called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

import click

from warroom.vocabulary.journal import Caller
from warroom.vocabulary.words import Medium

C = TypeVar("C", bound=Callable[..., Any])


MEDIA = click.Choice([medium.value for medium in Medium])


@dataclass(slots=True)
class Invocation:
    """The options that fit everywhere, as they were given.

    Attributes:
        db: the state file; None: `$WARROOM_DB`, else ./warroom.db.
        handle: who acts; None: see `warroom.cli.identity`.
        as_json: data and errors are wanted as JSON.
        told_by: how somebody told what is recorded for them, where that was said.
        known: who acts, where the server knows it and nothing that is typed counts.
        guard: refuses, there, what is not for others to run; called with a command's context before the command.
    """

    db: str | None = None
    handle: str | None = None
    as_json: bool = False
    told_by: Medium | None = None
    known: Caller | None = None
    guard: Callable[[click.Context], None] | None = None


class Command(click.Command):
    """A command that takes the options of every command."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params = [*self.params, *_shared_options()]

    def invoke(self, ctx: click.Context) -> Any:
        _watch(ctx)
        return super().invoke(ctx)


class Group(click.Group):
    """A noun with its verbs; it takes the options of every command too."""

    command_class = Command

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params = [*self.params, *_shared_options()]

    def invoke(self, ctx: click.Context) -> Any:
        if self.invoke_without_command:
            _watch(ctx)
        return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            near = get_close_matches(name, self.list_commands(ctx), n=1, cutoff=0.5)
            raise UnknownCommand(name, near[0] if near else None, ctx)
        return super().resolve_command(ctx, args)


def _watch(context: click.Context) -> None:
    invocation = context.find_object(Invocation)
    if invocation is not None and invocation.guard is not None:
        invocation.guard(context)


class UnknownCommand(click.UsageError):
    """There is no such command; `possibilities` has the one that was probably meant."""

    def __init__(self, name: str, near: str | None, context: click.Context) -> None:
        super().__init__(f"There is no command {name!r}.", context)
        self.possibilities = [] if near is None else [near]


class Lazy(NamedTuple):
    """Where a command is, and what it is for; kept here so that help loads none of them."""

    module: str
    attribute: str
    about: str


class LazyGroup(Group):
    """A group whose commands are loaded when they are called."""

    def __init__(self, *arguments: Any, table: Mapping[str, Lazy], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        lazy = self.table.get(cmd_name)
        if lazy is None:
            return None
        command: click.Command = getattr(import_module(lazy.module), lazy.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.about) for name, lazy in self.table.items()])


def _shared_options() -> list[click.Option]:
    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        # Not given here says nothing: it may have been given before the noun.
        if value is not None and value is not False:
            assert parameter.name is not None
            invocation = context.find_object(Invocation)
            assert invocation is not None
            if invocation.known is not None and parameter.name != "as_json":
                raise click.UsageError(f"{parameter.opts[0]} says nothing here: your key says who you are.", context)
            setattr(invocation, parameter.name, value)

    def option(*names: str, **attributes: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=keep, **attributes)

    return [
        option("--db", "db", metavar="FILE", help="The state file (else $WARROOM_DB, else ./warroom.db)."),
        option("--as", "handle", metavar="HANDLE", help="Who you are (else $WARROOM_USER, else your login name)."),
        option("--json", "as_json", is_flag=True, help="Write data, and errors, as JSON."),
    ]


def with_run(command: C) -> C:
    """The option of reading commands that choose a run."""
    return click.option("--run", "run", metavar="NAME", help="Another run than the open one.")(command)


def with_reason(command: C) -> C:
    """A reason, which must be given."""
    return click.option("--reason", required=True, metavar="TEXT", help="Why.")(command)


def with_optional_reason(command: C) -> C:
    """A reason, which may be given."""
    return click.option("--reason", metavar="TEXT", help="Why.")(command)


def with_doer(command: C) -> C:
    """Recording for somebody else; how they told it is kept in the invocation."""

    def keep(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.ensure_object(Invocation).told_by = Medium(value)

    by = click.option("--by", type=MEDIA, expose_value=False, callback=keep, help="How they told you, with --for.")
    about = "Who did it, if you record it for somebody (lead, deputy, scribe)."
    return click.option("--for", "done_by", metavar="HANDLE", help=about)(by(command))


def with_time_and_note(command: C) -> C:
    """When it really happened, and a note."""
    command = click.option("--note", metavar="TEXT", help="Something to write down with it.")(command)
    return click.option("--at", metavar="TIME", help='When it really happened: 02:40, "Sat 02:40", T+5h.')(command)
