"""What follows if a task is later."""
