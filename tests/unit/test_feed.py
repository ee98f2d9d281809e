"""A feed delivers what others write: in order, each entry once, and says when the file is not there any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cutover import Cutover, created, opened
from tests.following import followed


def test_entries_of_others_and_of_this_process_arrive_in_order_and_once(cutover: Cutover) -> None:
    after = cutover.state_file.head().seq
    with followed(cutover.state_file, after) as listener, opened(cutover.path) as other:
        for number in range(20):
            (other if number % 3 else cutover).do("task.note", "A", text=f"{number}")
        listener.wait_until(lambda: len(listener.entries) >= 20)

    assert listener.entries == cutover.entries()[after:]
    assert listener.troubles == []


def test_what_was_there_before_it_started_arrives_too(cutover: Cutover) -> None:
    with followed(cutover.state_file, 0) as listener:
        listener.wait_until(lambda: bool(listener.entries))
    assert [entry.seq for entry in listener.entries] == [1, 2]


def test_a_feed_that_was_stopped_delivers_no_more(cutover: Cutover) -> None:
    with followed(cutover.state_file, 2) as listener:
        pass
    cutover.do("task.note", "A", text="too late")
    assert listener.entries == []


@pytest.mark.about_files
@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_went_away_is_told_once(
    replaced: bool, cutover: Cutover, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warroom.store.feed.LOOK_EVERY", 1)
    away = tmp_path / "moved.db"
    with followed(cutover.state_file, 0) as listener:
        listener.wait_until(lambda: bool(listener.entries))
        cutover.path.rename(away)
        if replaced:
            created(tmp_path / "other.db").rename(cutover.path)
        listener.wait_until(lambda: bool(listener.troubles))
        (trouble,) = listener.troubles
        assert trouble is not None
        assert "replaced or removed" in trouble.message
        assert (trouble.exit_code, trouble.where) == (3, str(cutover.path))
        cutover.path.unlink(missing_ok=True)
        away.rename(cutover.path)
        listener.wait_until(lambda: len(listener.troubles) == 2)
        assert listener.troubles[1] is None
        cutover.do("task.note", "A", text="back again")
        listener.wait_until(lambda: len(listener.entries) == 3)
