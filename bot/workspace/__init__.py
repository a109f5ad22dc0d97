"""A local stand-in for Slack with a web page. Shares no code and no constant with the bot."""
