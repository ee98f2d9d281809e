"""The network around one task."""
