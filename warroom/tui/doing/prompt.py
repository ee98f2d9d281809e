"""A small question: a few fields, enter to send, esc to leave. What was typed is never lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import WorkType

from warroom.tui.doing.leavable import Leavable
from warroom.tui.widgets.path_input import Files, PathInput
from warroom.vocabulary.errors import WarroomError
from warroom.vocabulary.text import one_line

Answers = dict[str, str]
"""What was answered, by the name of the field."""

CHOOSE = "← → or its first letter"

LONGEST_ANSWER = 4
"""Words of an answer that others may follow in the same line, such as a day and a time."""

MOST_CHARACTERS = 4000
"""Of an answer."""

LOW = 36
"""With fewer lines there is no space between the fields."""


@dataclass(frozen=True, slots=True)
class Field:
    """One answer that is wanted.

    Attributes:
        name: also its label.
        hint: what kind of answer it is.
        choices: the answers that there are; empty: any text.
        at_once: those of them that need nothing else, so that their first letter sends them.
        value: what it holds to begin with.
        preview: how the text is understood so far, in words, or "".
        understands: whether a text is an answer; words that follow it may then answer the next field.
        follows: whether it takes such words: "+15 rejects in the price list" gives time and reason in one line.
        files: what a path may become, where it is one; called off the loop.
        when: whether it is wanted at all, by the answers so far; it is "" where it is not.
    """

    name: str
    hint: str
    required: bool = False
    choices: tuple[str, ...] = ()
    at_once: tuple[str, ...] = ()
    preview: Callable[[str], str] | None = None
    understands: Callable[[str], bool] = lambda _: False
    follows: bool = False
    value: str = ""
    files: Files | None = None
    when: Callable[[Answers], bool] = lambda _: True

    def parted(self, text: str) -> tuple[str, str]:
        """The answer with which a text begins, and what follows it; all of it where it begins with none."""
        words = text.split()
        for count in range(min(len(words), LONGEST_ANSWER), 0, -1):
            if self.understands(answer := " ".join(words[:count])):
                return answer, " ".join(words[count:])
        return text, ""


class Choice(Widget, can_focus=True):
    """A few words of which one is chosen: left and right, or a word's first letter. Where an answer is required none
    is chosen beforehand, so that nobody votes by pressing enter."""

    class Chosen(Message):
        """Another word was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    class Picked(Chosen):
        """A word was chosen by its first letter."""

    def __init__(self, field: Field) -> None:
        super().__init__(id=f"field-{field.name}")
        self.field = field
        self.choices = field.choices
        self.chosen: int | None = None if field.required else 0

    @property
    def value(self) -> str:
        return "" if self.chosen is None else self.choices[self.chosen]

    def render(self) -> Content:
        parts: list[tuple[str, str] | str] = []
        for place, word in enumerate(self.choices):
            parts += [(f" ›{word}‹ ", "reverse") if place == self.chosen else f"  {word}  "]
        return Content.assemble(*parts)

    def on_key(self, event: Key) -> None:
        if event.key in ("left", "right", "space"):
            step = -1 if event.key == "left" else 1
            before = self.chosen if self.chosen is not None else -1 if step > 0 else 0
            self.chosen = (before + step) % len(self.choices)
            self.post_message(self.Chosen(self))
        elif not self.pick(event.character or "\0"):
            return
        event.stop()
        self.refresh()

    def pick(self, letter: str) -> bool:
        """Choose the next word that begins with a letter; False if there is none."""
        behind = 0 if self.chosen is None else self.chosen + 1
        after = [*range(behind, len(self.choices)), *range(behind)]
        found = next((place for place in after if self.choices[place].startswith(letter)), None)
        if found is None:
            return False
        self.chosen = found
        self.refresh()
        self.post_message(self.Picked(self))
        return True


class Line(Input):
    """An answer in words. What is too long is not taken in, and that is told; a bell alone would not say why."""

    class TooLong(Message):
        """What was typed or pasted would make the answer too long."""

    def restricted(self) -> None:
        self.post_message(self.TooLong())


class Prompt(Leavable, ModalScreen[bool]):
    """Asks for the fields and sends them; it closes only when that worked, or when it is left: its result says which.

    Args:
        submit: called with the answers; a `WarroomError` from it is shown, and the prompt stays.
        complain: shows an error to the person, and may offer to send the answers again.
        lines: what there is to know before one answers; harmless.
    """

    BINDINGS = [  # noqa: RUF012  # Textual's own way
        Binding("escape", "leave", "Leave"),
        Binding("enter", "send", "Send", priority=True),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        submit: Callable[[Answers], Awaitable[None]],
        complain: Callable[[WarroomError, Callable[[], None]], None],
        lines: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = tuple(fields)
        self._submit = submit
        self._complain = complain
        self._lines = tuple(lines)
        self._sending = False
        self._early = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="prompt", can_focus=False):
            yield Static(self._title, id="prompt-title", markup=False)
            if self._lines:
                yield Static("\n".join(self._lines), id="prompt-lines", markup=False)
            for field in self._fields:
                label = f"{field.name} ({field.hint})"
                yield Static(label, id=f"label-{field.name}", classes="prompt-label", markup=False)
                yield self._asking(field)
            yield Static("", id="prompt-said", markup=False)
            yield Static("enter sends   tab next field   esc leaves", id="prompt-keys", markup=False)

    @staticmethod
    def _asking(field: Field) -> Choice | Input:
        if field.choices:
            return Choice(field)
        name = f"field-{field.name}"
        if field.files is not None:
            return PathInput(field.files, id=name, value=field.value)
        return Line(field.value, id=name, max_length=MOST_CHARACTERS)

    def on_mount(self) -> None:
        self.add_class("-low" if self.app.size.height < LOW else "-tall")
        self._show_wanted()
        first = self._field(self._fields[0])
        first.focus()
        if isinstance(first, Input):
            first.value = self._early or first.value
        elif self._early and first.pick(self._early[0]) and len(self._fields) > 1:
            second = self._field(self._fields[1])
            if isinstance(second, Input):
                second.value = self._early[1:]

    def take(self, text: str) -> None:
        """Take in what was typed before the prompt could have the keyboard."""
        choices = self.query(Choice)
        if self.is_mounted and choices and choices.first().chosen is None:
            choices.first().pick(text)
        elif self.is_mounted and self.query("Input"):
            first = self.query(Input).first()
            if first.value == self._fields[0].value:
                first.value = ""  # what it held to begin with gives way to what is typed
            first.insert_text_at_cursor(text)
        else:
            self._early += text

    def _field(self, field: Field) -> Choice | Input:
        widget = self.query_one(f"#field-{field.name}")
        assert isinstance(widget, Choice | Input)
        return widget

    def _answers(self) -> Answers:
        """What was answered so far; "" for what is not wanted."""
        answers: Answers = {}
        followed = ""
        for field in self._fields:
            typed = self._field(field).value.strip() if field.when(answers) else ""
            answers[field.name], followed = self._parted(field, " ".join(filter(None, (followed, typed))))
        return answers

    def _parted(self, field: Field, text: str) -> tuple[str, str]:
        """What of a text is the answer to a field, and what belongs to the next one."""
        following = self._fields[self._fields.index(field) + 1 :]
        return field.parted(text) if following and following[0].follows else (text, "")

    def _show_wanted(self) -> None:
        """Show the fields that are wanted by the answers so far; each depends on those before it only."""
        answers = self._answers()
        for field in self._fields:
            wanted = field.when(answers)
            self._field(field).display = wanted
            self.query_one(f"#label-{field.name}").display = wanted

    def on_choice_chosen(self, _: Choice.Chosen) -> None:
        self._show_wanted()

    def on_choice_picked(self, event: Choice.Picked) -> None:
        """Send a choice that needs nothing else; go on to what the others need."""
        self._show_wanted()
        if event.choice.value in event.choice.field.at_once:
            self.action_send()
        elif len(self._fields) > 1 and event.choice.field is self._fields[0]:
            self._field(self._fields[1]).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show_wanted()
        for field in self._fields:
            if field.files is not None and event.input.id == f"field-{field.name}":
                self._say("", error=False)
            if field.preview is not None and event.input.id == f"field-{field.name}":
                self._say(field.preview(self._parted(field, event.value)[0]), error=False)

    def on_line_too_long(self) -> None:
        self._say(f"an answer has at most {MOST_CHARACTERS:,} characters; nothing was added", error=True)

    def on_path_input_offered(self, event: PathInput.Offered) -> None:
        if not self.query_one("#prompt-said").has_class("-error"):  # why it was refused stays until one types on
            self._say(str(event), error=False)

    def action_leave(self) -> None:
        if not self._sending:
            self.dismiss(False)

    def action_send(self) -> None:
        if self._sending:
            return
        answers = self._answers()
        for field in self._fields:
            if field.required and not answers[field.name] and field.when(answers):
                # Enter in a field that is filled goes on to the one that is still wanted.
                if self._field(field).has_focus:
                    self._say(f"{field.name} is needed", error=True)
                self._field(field).focus()
                return
        self._sending = True
        send: WorkType[None] = partial(self._send, answers)
        self.run_worker(send, exclusive=True)

    async def _send(self, answers: Answers) -> None:
        try:
            await self._submit(answers)
        except WarroomError as error:
            self._say(one_line(error.message, 200), error=True)
            self._complain(error, self.action_send)
        else:
            self.dismiss(True)
        finally:
            self._sending = False

    def _say(self, text: str, *, error: bool) -> None:
        said = self.query_one("#prompt-said", Static)
        said.set_class(error, "-error")
        said.update(("✗ " if error else "") + text)
