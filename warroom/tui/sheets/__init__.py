"""Run sheets that were filled in on paper, entered in the console."""
