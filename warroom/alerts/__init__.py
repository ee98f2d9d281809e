"""The watch: it sees to it that somebody sweeps when an alert can fall due."""
