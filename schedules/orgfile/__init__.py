"""The organisation file: its text to an `Organisation`, or every problem with its line."""

from schedules.orgfile.problems import InvalidOrganisation, Problem
from schedules.orgfile.read import read_organisation

__all__ = ["InvalidOrganisation", "Problem", "read_organisation"]
