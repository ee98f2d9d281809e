"""People who play a cutover: what they would do follows from the Board and a seed, and they do it through actions."""
