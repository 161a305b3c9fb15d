"""Where statements come from: a source, and the name under which its dataset is kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Who publishes a list, in which format, under which licence, and how a listing on it is contested."""

    name: str
    title: str
    publisher: str
    format: str
    licence: str = ""
    review_route: str = ""
