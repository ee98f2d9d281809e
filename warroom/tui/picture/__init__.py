"""The picture that all screens show, and how its tasks are grouped, narrowed down and found."""
