"""Fixtures shared by every folder of tests."""

from hypothesis import settings

pytest_plugins = ["tests.support.databases", "tests.support.raising", "tests.support.dovecot"]

# Machines are noisy: how long an example takes is a benchmark's business, never a test's.
settings.register_profile("samtid", deadline=None)
settings.load_profile("samtid")
