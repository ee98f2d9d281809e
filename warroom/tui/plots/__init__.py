"""The plots of a whole run."""
