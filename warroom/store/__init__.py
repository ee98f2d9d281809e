"""The state file: opened in one place, written through one gateway, with its journal."""
