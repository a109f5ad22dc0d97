"""Figures (DOMAIN.md, "Goals that boards set"): from de-identified facts to a report. Pure."""
