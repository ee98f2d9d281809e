"""What is told in many places: of a task, of the way back, of what happened, of the time that is left."""
