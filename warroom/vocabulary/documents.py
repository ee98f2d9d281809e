"""Documents: what other programs read, as JSON."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
"""Its values are those of JSON: texts, whole numbers, booleans, None, lists and documents; README names its keys."""
