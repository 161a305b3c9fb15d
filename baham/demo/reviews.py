"""Review dates in the demonstration world: the list officer goes through what falls due, every few weeks.

Most listings are extended with their grounds, some lapse because nobody could name any. One was left lying.
"""

from baham.demo.heroes import HEROES
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor, consulted
from baham.platform.review.models import Item
from baham.platform.review.services import decide, seen
from baham.platform.review.upkeep import bring_up
from baham.platform.world.history import Calendar, Event

_DAYS = (211, 186, 160, 134, 108, 82, 56, 34, 16)
_BY = "barvand"
_LEFT_LYING = "N-2197"
_ASKED_ABOUT = {key for key, *_rest in HEROES}
_EXTENDED = (
    "The case is still before the court, as the authority wrote in answer to our question; the grounds hold.",
    "عدالت نے نظرِ ثانی کے بعد اندراج برقرار رکھا؛ حکم کی نقل فائل میں ہے۔",
)
_LAPSED = "Two letters to the authority were not answered, and the file names no ground that still holds."


def events(calendar: Calendar) -> list[Event]:
    """Each going through, in the morning of its day."""
    return [(calendar.at(ago, "09:15"), _go_through) for ago in _DAYS]


def _go_through() -> None:
    bring_up()
    user = User.objects.get(username=_BY)
    waiting = Item.objects.filter(kind="review-due", outcome="").exclude(entity__key=_LEFT_LYING)
    for number, item in enumerate(waiting.select_related("entity__dataset", "dataset").order_by("due_at", "pk")):
        actor = Actor(_BY, Purpose("review", f"matter {item.pk}"))
        consulted(actor, f"matter:{item.pk}", str(item))
        seen(item, user)
        lapses = number % 4 == 3 and item.entity is not None and item.entity.key not in _ASKED_ABOUT
        decide(item, user, actor, "lapse" if lapses else "extend", _LAPSED if lapses else _EXTENDED[number % 2])
