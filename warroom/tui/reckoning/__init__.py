"""What is reckoned beside a console: the odds, and how the finish moved."""
