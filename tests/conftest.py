"""Fixtures shared by every folder of tests."""

import gc
import os

from hypothesis import settings

pytest_plugins = [
    "tests.support.databases",
    "tests.support.raising",
    "tests.support.dovecot",
    "tests.support.chromium",
    "tests.support.fuzzing",
]

# Machines are noisy: how long an example takes is a benchmark's business, never a test's. Where nothing may
# be skipped the examples are always the same: a change is judged by its own doing, not by a lucky find.
settings.register_profile("samtid", deadline=None, derandomize="SAMTID_TESTS_NO_SKIP" in os.environ)
settings.load_profile("samtid")


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: no search for garbage need go through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
