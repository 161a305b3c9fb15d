"""What this measure adds to the pages of the rooms below it."""

from typing import Any

from baham.platform.release.models import Partner


def of_partner(partner: Partner) -> tuple[str, dict[str, Any]]:
    """A part of a partner's page: how far its word held."""
    from baham.measures.sharing import verification

    track = verification.track_record(partner)
    return "sharing/_of_partner.html", {"partner": partner, "track": track, "least": verification.LEAST}
