"""What a partner's installation asks ours: the signed head of what we said to it, and the messages it has not seen.

A sync with nothing new is one small answer: the heads are compared and agree. Whoever fetches tells us which head it
has seen, signed, so that neither side can later show the other a different past.
"""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from baham.formats import dsse
from baham.kernel.clock import utc_text
from baham.measures.sharing import inbox
from baham.measures.sharing.taxii import rate
from baham.platform.accounts.access import CLIENT
from baham.platform.release import channel
from baham.platform.release.identity import ours
from baham.platform.release.models import Channel, Partner
from baham.platform.release.partners import PartnerRefused, partner_of, signing_keys

log = logging.getLogger(__name__)
PAGE = 50
"""Messages in one answer, at most."""
BYTES = 32 * 1024 * 1024
"""Where an answer ends, unless it holds no message yet."""
HEAD = "head"


def _for_partners(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that a partner opens with its name and secret; errors are one line of JSON."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.body  # noqa: B018  read before anything is refused, or the server drops the connection
            partner = partner_of(request)
            rate.take(partner, max(1, len(request.body) // rate.BYTES_A_TOKEN))
            return view(request, partner, *args, **kwargs)
        except PartnerRefused as refused:
            answer = _problem(refused.status, str(refused))
            if refused.status == 401:
                answer.headers["WWW-Authenticate"] = 'Basic realm="Baham exchange"'
            return answer
        except rate.TooFast as fast:
            answer = _problem(429, str(fast))
            answer.headers["Retry-After"] = str(fast.wait)
            return answer
        except RequestDataTooBig:
            return _problem(413, "The message is larger than is taken at once; send it as a pack.")
        except Http404:
            raise
        except Exception:
            log.exception("a fault in the exchange with a partner")
            return _problem(500, "A fault on our side; nothing was changed. It has been logged.")

    door.access = CLIENT  # type: ignore[attr-defined]
    return csrf_exempt(door)


def _problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


def signed_head(partner: Partner, direction: str = channel.OUT) -> dict[str, Any]:
    """The head of a channel, signed by us: of what we said to a partner, or of what we have heard from it."""
    now = channel.head(partner, direction)
    payload = {
        "version": 1, "from": ours().party, "to": str(partner.party), "at": utc_text(timezone.now()),
        "direction": direction, "size": now.size, "root": now.root,
    }  # fmt: skip
    return dsse.sign(channel.payload_type(HEAD), payload, [ours().signing_key])


@_for_partners
@require_http_methods(["GET"])
def head(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The signed head of what we said to this partner, and of what we have heard from it."""
    return JsonResponse({"out": signed_head(partner), "in": signed_head(partner, channel.IN), "card": ours().card()})


@_for_partners
@require_http_methods(["GET"])
def messages(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The messages from number `from` on, as many as one answer holds, as JSON."""
    written = request.GET.get("from", "0")
    if not (written.isdecimal() and len(written) < 19):
        return _problem(400, "from is the number of a message.")
    start = int(written)
    found: list[dict[str, Any]] = []
    size = 0
    for number in range(start, min(start + PAGE, channel.head(partner).size)):
        (message,) = channel.messages(partner, channel.OUT, number, number + 1)
        size += len(message.envelope)
        if found and size > BYTES:
            break
        found.append(wire(message.kind, message.envelope))
    return JsonResponse({"messages": found})


@_for_partners
@require_http_methods(["POST"])
def deliver(request: HttpRequest, partner: Partner) -> HttpResponse:
    """A message brought to us, where the partner cannot be asked. What was refused is said with its reason."""
    try:
        done = inbox.hear(partner, json.loads(request.body))
    except (ValueError, RecursionError) as error:  # Refused is a ValueError
        return _problem(422, str(error)[:500] if isinstance(error, inbox.Refused) else "The message is not JSON.")
    return JsonResponse(
        {"accepted": done.accepted, "quarantined": done.quarantined, "refused": done.refused}, status=202
    )  # fmt: skip


@_for_partners
@require_http_methods(["POST"])
def witness(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The partner's signed word on which head of ours it has seen. One that contradicts what we said is refused."""
    try:
        opened = dsse.verify(channel.payload_type(HEAD), json.loads(request.body), signing_keys(partner)).json()
        size, root = int(opened["size"]), str(opened["root"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return _problem(422, f"It is no signed head: {str(error)[:200]}")
    if opened.get("from") != str(partner.party) or opened.get("to") != ours().party:
        return _problem(422, "The head is from or for another party.")
    if not agrees(partner, size, root):
        log.error("partner %s has seen another past of what we said to it, at %s messages", partner.name, size)
        return _problem(409, "This is not what we said; one of us has altered the past. Speak to us by telephone.")
    Channel.objects.filter(partner=partner, direction=channel.OUT).update(witnessed=json.loads(request.body))
    return JsonResponse({"size": size})


def agrees(partner: Partner, size: int, root: str) -> bool:
    """Whether what we said to a partner had this root when it was this long."""
    from baham.kernel.log import root as root_of

    now = channel.head(partner)
    if size == now.size:
        return root == now.root
    return 0 <= size < now.size and root_of(channel.leaves(partner), 0, size).hex() == root


def wire(kind: str, envelope: str) -> dict[str, Any]:
    """A stored message as it travels."""
    return {"kind": kind, **json.loads(envelope)}
