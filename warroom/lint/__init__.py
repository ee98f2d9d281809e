"""Planning faults of a runbook, and the differences between two runbooks."""
