"""Baham (باہم, "with one another"): acting together against terrorism, with everyone's rights protected."""

__version__ = "0.1.0"
