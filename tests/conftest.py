"""Fixtures shared by every folder of tests."""

pytest_plugins = ["tests.support.databases"]
