"""Habits of hand: marking, zooming, copying, tables."""
