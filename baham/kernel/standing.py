"""In which relation to an offence a person is held, and who is protected; kept apart because one word of it changes
what may be done.

Source: Directive (EU) 2016/680, Article 6 (categories of data subjects); safeguard S-08.
"""

from enum import Enum


class Standing(Enum):
    """A person's relation to an offence. UNKNOWN is what nobody has said; it is treated as neither guilty nor safe."""

    SUSPECT = "suspect"
    CONVICTED = "convicted"
    VICTIM = "victim"
    WITNESS = "witness"
    CONTACT = "contact"
    UNKNOWN = "unknown"

    @property
    def may_be_watched_for(self) -> bool:
        """Whether such a person may stand in a watch list at all. A victim, witness or mere contact never does."""
        return self in (Standing.SUSPECT, Standing.CONVICTED, Standing.UNKNOWN)


class Protected(Enum):
    """Why a person needs more care than the marking says: their data leave by the signatures of two people, and never
    to a partner who is not trusted."""

    MINOR = "minor"
    ASYLUM = "asylum seeker"
    JOURNALIST = "journalist"
    SOURCE = "source"
