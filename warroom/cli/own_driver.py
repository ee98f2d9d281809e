"""How the console reads the terminal of this process: as Textual does, but for what is pasted."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder

from textual.driver import Driver

LOOK_EVERY_S = 0.1

AT_ONCE = 4096
"""Bytes that are read in one go."""


def own_driver(usual: type[Driver]) -> type[Driver]:
    """The driver for a console on this terminal, in place of the one that Textual would take; that one itself where it
    is for another kind of terminal."""
    if usual.__module__ != "textual.drivers.linux_driver":
        return usual
    from textual.drivers.linux_driver import LinuxDriver

    from warroom.tui.terminal_input import TerminalParser

    class OwnDriver(LinuxDriver):
        def run_input_thread(self) -> None:
            """Read keys, pastes and the mouse until the driver stops."""
            parser, decode = TerminalParser(), getincrementaldecoder("utf-8")("replace").decode
            while not self.exit_event.is_set():
                ready = select.select([self.fileno], [], [], LOOK_EVERY_S)[0]
                if ready and (text := decode(os.read(self.fileno, AT_ONCE))):
                    try:
                        found = list(parser.feed(text))
                    except Exception:  # what no terminal sends must not end the console
                        parser, found = TerminalParser(), []
                    for message in found:
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
            # A parser in the middle of a sequence would be kept by Textual's cache of keys.
            for _ in parser.feed(""):
                pass

    return OwnDriver
