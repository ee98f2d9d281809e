"""The private names of Textual and asyncssh on which serving many consoles rests. An upgrade that changes one of them
fails here, with what it breaks, rather than in the middle of a night."""

from __future__ import annotations

import inspect
import sys

import asyncssh
import pytest
from textual import constants, events
from textual._context import active_app
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome
from textual.messages import InBandWindowResize
from textual.screen import Screen


def parameters(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


def test_a_driver_is_built_with_these_arguments() -> None:
    assert parameters(Driver.__init__) == ["self", "app", "debug", "mouse", "size"]
    assert Driver.__abstractmethods__ == {"write", "start_application_mode", "disable_input", "stop_application_mode"}
    assert {"flush", "close", "process_message", "send_message", "open_url", "deliver_binary", "can_suspend"} <= set(
        dir(Driver)
    )
    assert "size" in parameters(App.run_async)
    assert "driver_class" in inspect.getsource(App.__init__)
    assert "get_driver_class" in inspect.getsource(App.__init__)


def test_an_app_leads_output_where_these_say_and_can_be_told_otherwise() -> None:
    source = inspect.getsource(App._process_messages)
    assert "redirect_stdout(self._capture_stdout)" in source
    assert "redirect_stderr(self._capture_stderr)" in source
    app: App[None] = App()
    app._capture_stdout, app._capture_stderr = sys.stdout, sys.stderr  # type: ignore[assignment]
    assert app.error_console is not None
    assert issubclass(Monochrome, LineFilter)
    assert app.no_color in (True, False)
    assert app._exit is False


def test_a_broken_app_ends_through_these() -> None:
    assert "self._fatal_error()" in inspect.getsource(App._handle_exception)
    assert "self.panic(" in inspect.getsource(App._handle_exception)
    assert "_close_messages_no_wait" in inspect.getsource(App._fatal_error)
    assert parameters(App.exit) == ["self", "result", "return_code", "message"]


def test_a_screen_below_a_prompt_is_drawn_through_these() -> None:
    source = inspect.getsource(Screen._compositor_refresh)
    assert "self in self.app._background_screens and self._compositor._dirty_regions" in source
    assert "app.screen.refresh(*self._compositor._dirty_regions)" in source
    assert "update_widgets(self._dirty_widgets)" in inspect.getsource(Screen._on_timer_update)
    assert "self._repaint_regions.update" in inspect.getsource(Screen._set_dirty)


def test_drawing_can_be_held_and_resumed() -> None:
    assert parameters(Screen.check_idle) == ["self"]
    assert "_batch_count" in inspect.getsource(App)
    app: App[None] = App()
    with app._context():
        assert active_app.get() is app
        with app.batch_update():
            assert app._batch_count == 1
        assert app._batch_count == 0


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("\x1b[12;40R", events.CursorPosition), ("\x1b[A", events.Key), ("a", events.Key), ("\x1b[I", events.AppFocus)],
)
def test_the_parser_reads_what_terminals_send(typed: str, kind: type) -> None:
    (found,) = XTermParser().feed(typed)
    assert isinstance(found, kind)


def test_a_lone_escape_comes_with_a_tick_and_the_end_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.0)
    parser = XTermParser()
    assert list(parser.feed("\x1b")) == []
    (key,) = parser.tick()
    assert isinstance(key, events.Key)
    assert key.key == "escape"
    list(parser.feed("\x1b[200~half a paste"))
    assert list(parser.feed("")) is not None
    assert parser.is_eof
    assert issubclass(InBandWindowResize, object)


def test_asyncssh_keeps_options_of_keys_that_it_does_not_know() -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    line = key.export_public_key().decode().strip()
    found = asyncssh.import_authorized_keys(f'key="12" {line}').validate(key.convert_to_public(), "", "127.0.0.1")
    assert found == {"key": ["12"]}
    for name in ("set_authorized_keys", "get_key_option", "abort", "disconnect", "get_extra_info"):
        assert hasattr(asyncssh.SSHServerConnection, name)
    assert "_transport" in inspect.getsource(asyncssh.SSHServerConnection.__mro__[1])
    for name in ("write_stderr", "get_write_buffer_size", "pause_reading", "resume_reading", "exit", "get_environment"):
        assert hasattr(asyncssh.SSHServerChannel, name)


def test_a_connection_is_asked_whether_a_key_may_be_used_and_was() -> None:
    connection = asyncssh.SSHServerConnection
    assert parameters(connection.validate_public_key) == ["self", "username", "key_data", "msg", "signature"]
    assert "self._conn.validate_public_key(self._username, key_data," in inspect.getsource(asyncssh.auth)
    assert parameters(connection.send_auth_banner)[1] == "msg"


def test_a_certificate_without_principals_matches_no_person() -> None:
    authority = asyncssh.generate_private_key("ssh-ed25519")
    line = authority.export_public_key().decode().strip()
    keys = asyncssh.import_authorized_keys(f'cert-authority,principals="ana",person="3" {line}')
    public = authority.convert_to_public()
    assert keys.validate(public, "", "127.0.0.1", ["ana"], ca=True) is not None
    for principals in ([], ["omar"], ["*"]):
        assert keys.validate(public, "", "127.0.0.1", principals, ca=True) is None


def test_style_sheets_parse_by_source_and_keep_what_they_parsed_by_these_names() -> None:
    assert parameters(Stylesheet._parse_rules) == [
        "self",
        "css",
        "read_from",
        "is_default_rules",
        "tie_breaker",
        "scope",
    ]
    sheet = Stylesheet(variables={"a": "red"})
    assert {"_rules", "_rules_map", "_require_parse", "_invalid_css", "_variables", "source"} <= set(vars(sheet))
    assert "self._parse_rules(" in inspect.getsource(Stylesheet.parse)
    assert "self.stylesheet = Stylesheet(variables=self.get_css_variables())" in inspect.getsource(App.__init__)
