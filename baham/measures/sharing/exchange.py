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
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from baham.formats import dsse
from baham.measures.sharing import inbox, sync
from baham.measures.sharing.heads import agrees, growth, keep_witness, read_head, signed_head
from baham.measures.sharing.taxii import rate
from baham.platform.accounts.access import CLIENT
from baham.platform.release import channel, handing
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner
from baham.platform.release.partners import PartnerRefused, partner_of

log = logging.getLogger(__name__)
PAGE = 50
"""Messages in one answer, at most."""
BYTES = 32 * 1024 * 1024
"""Where an answer ends, unless it holds no message yet."""


def _for_partners(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that a partner opens with its name and secret; errors are one line of JSON."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
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

    vars(door).update(access=CLIENT)
    return csrf_exempt(door)


def _problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


def _number(request: HttpRequest) -> int | None:
    """What `from` says, 0 where it says nothing; None where it is no number."""
    written = request.GET.get("from", "0")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else None


@_for_partners
@require_http_methods(["GET"])
def head(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The signed head of what we said to this partner, and of what we have heard from it. With `from`, the number of
    messages that it has, also the proof that what we said has only grown since."""
    start = _number(request)
    if start is None:
        return _problem(400, "from is the number of a message.")
    heads = {"out": signed_head(partner), "in": signed_head(partner, channel.IN)}
    return JsonResponse({**heads, "proof": growth(partner, start), "card": ours().card()})


@_for_partners
@require_http_methods(["GET"])
def messages(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The messages from number `from` on, as many as one answer holds, as JSON."""
    start = _number(request)
    if start is None:
        return _problem(400, "from is the number of a message.")
    found: list[dict[str, Any]] = []
    size = 0
    for number in range(start, min(start + PAGE, channel.head(partner).size)):
        (message,) = channel.messages(partner, channel.OUT, number, number + 1)
        size += len(message.envelope)
        if found and size > BYTES:
            break
        found.append(handing.wire(partner, message))
    return JsonResponse({"messages": found})


@_for_partners
@require_http_methods(["POST"])
def deliver(request: HttpRequest, partner: Partner) -> HttpResponse:
    """A message brought to us, where the partner cannot be asked, with its `number` in the channel: the next one. What
    was refused is said with its reason, and keeps its place, as in a sync, if the partner has signed it."""
    try:
        wire = json.loads(request.body)
        number = wire["number"]
        inbox.opened(partner, wire)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        known = isinstance(error, inbox.Refused | dsse.BadSignature)
        return _problem(422, str(error)[:500] if known else "It is no message with its number in the channel.")
    done = sync.take(partner, [wire], number)
    if not done.messages:
        return _problem(409, f"The next message that is heard here is number {channel.head(partner, channel.IN).size}.")
    answer = {"accepted": done.accepted, "quarantined": done.quarantined, "refused": done.refused}
    return JsonResponse(answer, status=202)


@_for_partners
@require_http_methods(["POST"])
def witness(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The partner's signed word on which head of ours it has seen. One that contradicts what we said is refused."""
    try:
        envelope = json.loads(request.body)
        size, root = read_head(partner, envelope, channel.IN)
    except (ValueError, RecursionError) as error:
        return _problem(422, f"It is no signed head: {str(error)[:200]}")
    if not agrees(partner, size, root):
        log.error("partner %s has seen another past of what we said to it, at %s messages", partner.name, size)
        return _problem(409, "This is not what we said; one of us has altered the past. Speak to us by telephone.")
    keep_witness(partner, size, envelope)
    return JsonResponse({"size": size})
