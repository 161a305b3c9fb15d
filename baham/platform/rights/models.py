"""Requests of persons concerned and what was done on them. Written by this room's services."""
