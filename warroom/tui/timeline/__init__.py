"""The timeline: its rows, its head, its wires, and what keys and mouse do with it."""
