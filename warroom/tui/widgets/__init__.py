"""What the screens are built of. Each of these draws its own lines; none holds a timer."""
