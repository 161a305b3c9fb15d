"""How much a partner may send: a token bucket in the database, so that all worker processes share it.

A bucket holds what a partner may do in one minute and fills continuously: each object posted takes one token, and so
does every other request, and every ten kilobytes of one, readable or not. One UPDATE whose WHERE says whether there is
enough.
"""

import math
import time

from django.db.models import F, FloatField, Value
from django.db.models.functions import Greatest, Least

from baham.measures.sharing.taxii.models import Bucket
from baham.platform.release.models import Partner

BYTES_A_TOKEN = 10_000


class TooFast(Exception):
    """The partner sends more than its rate allows. `wait` is the number of seconds after which it may go on."""

    def __init__(self, partner: Partner, wait: int) -> None:
        super().__init__(f"More than {partner.rate} objects and requests in a minute. Try again in {wait} s.")
        self.wait = wait


def take(partner: Partner, tokens: int = 1, now: float | None = None) -> None:
    """Take tokens out of the partner's bucket. Raises TooFast, and takes nothing, where there are too few.

    More than a whole bucket is never there; then a full one is enough, or nobody could ever send it.
    """
    now = time.time() if now is None else now
    tokens = min(tokens, partner.rate)
    passed = Greatest(Value(now, FloatField()) - F("at"), Value(0.0))
    filled = Least(F("tokens") + passed * (partner.rate / 60), Value(float(partner.rate)), output_field=FloatField())
    buckets = Bucket.objects.filter(partner=partner)
    if buckets.annotate(filled=filled).filter(filled__gte=tokens).update(tokens=filled - tokens, at=now):
        return
    bucket, new = Bucket.objects.get_or_create(partner=partner, defaults={"tokens": partner.rate - tokens, "at": now})
    if not new:
        left = min(bucket.tokens + max(now - bucket.at, 0) * partner.rate / 60, partner.rate)
        raise TooFast(partner, max(1, math.ceil((tokens - left) * 60 / partner.rate)))
