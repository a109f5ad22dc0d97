"""View state to commands, or errors beside the fields. Pure."""
