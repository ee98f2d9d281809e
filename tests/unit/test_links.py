"""Links to the browser view: until when they hold, and what makes them void."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands import Commands
from tests.cutover import START
from warroom.serve.links import SECRET_BYTES, Secret
from warroom.vocabulary.errors import StateFileError

HOUR = timedelta(hours=1)


@pytest.fixture
def secret(tmp_path: Path) -> Secret:
    return Secret.beside(tmp_path / "acme.db")


def test_a_token_holds_until_it_expires(secret: Secret) -> None:
    token = secret.token(START + HOUR)
    assert secret.expiry(token, START) == START + HOUR
    assert secret.expiry(token, START + HOUR - timedelta(seconds=1)) is not None
    assert secret.expiry(token, START + HOUR) is None


def test_the_secret_is_its_owners_alone(secret: Secret) -> None:
    secret.token(START)
    assert secret.path.name == "acme.db.web-secret"
    assert secret.path.stat().st_mode & 0o777 == 0o600
    assert len(secret.path.read_bytes()) == SECRET_BYTES
    assert [path.name for path in secret.path.parent.iterdir()] == [secret.path.name], "nothing is left lying about"


def test_a_new_secret_makes_all_links_void(secret: Secret) -> None:
    token = secret.token(START + HOUR)
    secret.renew()
    assert secret.expiry(token, START) is None
    assert secret.expiry(secret.token(START + HOUR), START) is not None


def test_where_no_secret_is_no_token_holds(secret: Secret, tmp_path: Path) -> None:
    token = Secret.beside(tmp_path / "other.db").token(START + HOUR)
    assert secret.expiry(token, START) is None
    secret.renew()
    assert secret.expiry(token, START) is None, "each state file has its own"


def test_a_token_that_was_changed_does_not_hold(secret: Secret) -> None:
    token = secret.token(START + HOUR)
    later = str(int((START + 2 * HOUR).timestamp()))
    expiry, _, signature = token.partition(".")
    wrong = ("", ".", expiry, f"{later}.{signature}", f"{expiry}.{signature[:-1]}", f"{expiry}.{'A' * 43}", token + "x")
    for one in (*wrong, f" {token}", f"{token}\n", f"-{token}", f"{expiry}.{signature}.{signature}", "٣" + token[1:]):
        assert secret.expiry(one, START) is None, one


def test_a_secret_that_others_can_read_is_not_used(secret: Secret) -> None:
    token = secret.token(START + HOUR)
    secret.path.chmod(0o640)
    with pytest.raises(StateFileError, match="other accounts can read"):
        secret.expiry(token, START)
    with pytest.raises(StateFileError):
        secret.token(START + HOUR)
    secret.renew()
    assert secret.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_secret_opens_nothing(secret: Secret) -> None:
    token = secret.token(START + HOUR)
    secret.path.write_bytes(b"")
    assert secret.expiry(token, START) is None
    assert secret.expiry(secret.token(START + HOUR), START) is not None, "a whole one is made in its place"


def test_the_command_prints_a_link(planning: Commands) -> None:
    found = planning.json("serve", "link", "--expires", "3d", "--base", "https://wall.example.org/")
    assert found["expires"] == "2026-11-30T18:00:00Z"
    assert found["url"] == f"https://wall.example.org/wall/{found['token']}/"
    secret = Secret.beside(planning.path)
    assert secret.expiry(found["token"], START) == START + timedelta(days=3)
    answer = planning.good("serve", "link", "--token")
    assert secret.expiry(answer.out.strip(), START) == START + timedelta(hours=12)
    assert "12h" in answer.err
    planning.good("serve", "link", "--revoke")
    assert secret.expiry(found["token"], START) is None


@pytest.mark.parametrize(
    "options", [["--expires", "soon"], ["--expires", "0"], ["--base", "wall.example.org"], ["--base", "file:///x"]]
)
def test_what_makes_no_link_is_refused(planning: Commands, options: list[str]) -> None:
    assert planning("serve", "link", *options).code == 2
    assert not Secret.beside(planning.path).path.exists()
