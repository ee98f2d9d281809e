"""What a console is given."""
