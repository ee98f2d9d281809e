"""The SQLModel tables, one module per subject."""
