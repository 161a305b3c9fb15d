"""What commands on partners have in common."""

from baham.platform.release.models import Partner
from baham.platform.terminal import refuse


def partner_named(name: str) -> Partner:
    """The partner of that name; where there is none, the command ends with a line that says so."""
    found = Partner.objects.filter(name=name).first()
    return found or refuse(f"there is no partner {name!r}; see: baham partners list")
