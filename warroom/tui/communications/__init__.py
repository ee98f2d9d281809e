"""Communications: their words, and sending them."""
