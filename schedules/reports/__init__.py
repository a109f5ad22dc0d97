"""Figures, charts, spreadsheets."""
