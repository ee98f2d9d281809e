"""What is said with a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a conditional go: what is to be done, by whom (handle), and until when (run time, UTC)."""

    text: str
    owner: str
    due_at: datetime
