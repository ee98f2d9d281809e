"""Controls: what is told of them, and what is done with them."""
