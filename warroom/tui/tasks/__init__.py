"""One task: what is told of it on its own screen, and what is done with it."""
