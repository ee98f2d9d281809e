"""People: who is there, shifts, shouts, calls for help."""
