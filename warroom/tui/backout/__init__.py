"""The way back: what is told of it, its triggers, and backing out."""
