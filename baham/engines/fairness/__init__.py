"""Who bears the false alarms of name screening: a made-up world, counted by group. See docs/fairness.md."""

from .picture import draw
from .population import Population, population
from .report import AIM, DIMENSIONS, MOST, ONE_IN, Group, Report, measure, thresholds

__all__ = [
    "AIM",
    "DIMENSIONS",
    "MOST",
    "ONE_IN",
    "Group",
    "Population",
    "Report",
    "draw",
    "measure",
    "population",
    "thresholds",
]
