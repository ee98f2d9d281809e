"""Automatic verification: comparing what the old and the new system export."""
