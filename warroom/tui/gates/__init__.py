"""Gates and their criteria: what is told of them, and what is done with them."""
