"""The tasks of each owner: a pane for everybody, and one person's own."""
