"""What calls for an alert: one rule per function, in `registry`; what is found of it, in `deciding`; what becomes of an
alert, in `life`."""
