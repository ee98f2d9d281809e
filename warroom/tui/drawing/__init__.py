"""What everything on the screen is drawn with: inks, marks, lines, axes, charts, items."""
