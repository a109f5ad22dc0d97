"""Data to Block Kit. Pure."""
