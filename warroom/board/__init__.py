"""The Board: the programme at one instant, in memory, immutable to its readers; and its forecast."""
