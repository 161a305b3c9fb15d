"""What rooms above add to the pages of this one, as a plain list."""

from collections.abc import Callable
from typing import Any

from baham.platform.release.models import Partner

OF_PARTNER: list[Callable[[Partner], tuple[str, dict[str, Any]]]] = []
"""Parts of a partner's page: a template, and what it is given as `part`. Each room adds its own when it is ready."""
