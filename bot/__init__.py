"""The chat side of Samtid: Slack in, Slack out. Imports `schedules`, never the other way round."""
