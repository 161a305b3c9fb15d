"""The id by which a record is known outside of this installation: always the same, and opaque.

What is judged the same goes out under one id, that of the record which came first. Were it made of that record's list
and key, it would tell every receiver of one list that the person stands in another, which it may not know of. So it is
a hash under this installation's key, from which nobody can tell, or guess, what it was made of.
"""

import hashlib
import hmac
from functools import cache

from django.conf import settings

from baham.platform.ledger.models import Entity


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"baham id outside\0" + secret.encode()).digest()


def public_id(entity: Entity) -> str:
    """The id outside of what this entity stands for; its dataset is read with it. 32 hexadecimal digits."""
    return id_of(entity.dataset.name, entity.key)


def id_of(dataset: str, key: str) -> str:
    """The same, by the name of the list and the key there."""
    text = f"{dataset}:{key}".encode("utf-8", "surrogatepass")
    return hmac.digest(_key(settings.SECRET_KEY), text, "sha256")[:16].hex()
