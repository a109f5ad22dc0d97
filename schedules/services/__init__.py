"""Use cases: command in, decision, unit of work, outbox rows out."""
