"""Thin Slack listeners: parse, call one service, answer."""
