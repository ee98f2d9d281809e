"""Alerts: what is told of them, whom they call, and what is done about them."""
