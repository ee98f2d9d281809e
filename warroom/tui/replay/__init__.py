"""Looking back: the scrubber, and what moves it."""
