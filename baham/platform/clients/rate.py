"""How fast a client may ask: a token bucket in the database, so that all worker processes share it.

A bucket holds what a client may ask in one minute and fills continuously. Each name asked for takes one token, every
other call one. It is one UPDATE whose WHERE says whether there is enough: two processes cannot spend the same token.
"""

import math
import time

from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest, Least

from baham.platform.clients.models import Bucket, Client


class TooFast(Exception):
    """The client has asked for more than its rate allows. `wait` is the number of seconds after which it may go on."""

    def __init__(self, client: Client, wait: int) -> None:
        super().__init__(f"More than {client.rate} names and calls in a minute. Try again in {wait} s.")
        self.wait = wait


def take(client: Client, tokens: int = 1, now: float | None = None) -> None:
    """Take tokens out of the client's bucket. Raises TooFast, and takes nothing, where there are too few."""
    now = time.time() if now is None else now
    passed = Greatest(Value(now, FloatField()) - F("at"), Value(0.0))
    filled = Least(F("tokens") + passed * (client.rate / 60), Value(float(client.rate)), output_field=FloatField())
    enough = Bucket.objects.annotate(filled=filled).filter(client=client, filled__gte=tokens)
    if not enough.update(tokens=filled - tokens, at=now):
        left = Bucket.objects.filter(client=client).annotate(filled=filled).values_list("filled", flat=True).first()
        raise TooFast(client, max(1, math.ceil((tokens - (left or 0)) * 60 / client.rate)))
