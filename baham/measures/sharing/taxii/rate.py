"""How much a partner may send: a token bucket in the database, so that all worker processes share it.

A bucket holds what a partner may do in one minute and fills continuously: each object posted takes one token, and so
does every other request, and every ten kilobytes of one, readable or not. One UPDATE whose WHERE says whether there is
enough.
"""

import math
import time

from django.db import connection

from baham.measures.sharing.taxii.models import Bucket
from baham.platform.release.models import Partner

BYTES_A_TOKEN = 10_000
# Written out: every request goes through it, and building it anew each time costs more than running it.
_FILLED = "tokens + (CASE WHEN %(now)s > at THEN %(now)s - at ELSE 0 END) * %(rate)s / 60.0"
_TAKE = f"""
    UPDATE sharing_bucket
    SET tokens = (CASE WHEN {_FILLED} < %(rate)s THEN {_FILLED} ELSE %(rate)s END) - %(tokens)s, at = %(now)s
    WHERE partner_id = %(partner)s AND {_FILLED} >= %(tokens)s"""


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
    rate = float(partner.rate)
    taken = min(float(tokens), rate)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"now": now, "rate": rate, "tokens": taken, "partner": partner.pk})
        if cursor.rowcount:
            return
    bucket, new = Bucket.objects.get_or_create(partner=partner, defaults={"tokens": rate - taken, "at": now})
    if not new:
        left = min(bucket.tokens + max(now - bucket.at, 0) * rate / 60, rate)
        raise TooFast(partner, max(1, math.ceil((taken - left) * 60 / rate)))
