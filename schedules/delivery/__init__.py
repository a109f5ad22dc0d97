"""Outbox rows to mail and chat: claims, iTIP bytes, SMTP."""
