"""The journal and the log of the night, and searching them."""
