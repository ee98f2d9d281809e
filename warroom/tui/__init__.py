"""The console: what a host shows, on a terminal, and the keys with which people act on it."""
