"""Pages of requests for access: what waits, one request with its answer as it would be given, and giving it out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.opening import readable_whole
from baham.platform.review.errors import CannotDecide
from baham.platform.review.kinds import kind_of
from baham.platform.review.models import Item
from baham.platform.review.services import seen
from baham.platform.review.worklist import waiting_for
from baham.platform.rights import oversight, report, requests, words
from baham.platform.rights.access import NotHeld
from baham.platform.rights.models import Examination, Request
from baham.platform.rights.purpose import only_for
from baham.platform.rights.telling import BY_CHOICE, Ground, Kept

_SHOWN = 200
_ASKED = ("name", "birth_date", "father_name", "id_number")


@needs("rights.see")
def rights(request: ConsoleRequest) -> HttpResponse:
    """Requests that wait, the earliest due first, and those that were answered: by number, without a name."""
    problem = ""
    if request.method == "POST":
        if not request.user.may("rights.handle"):
            raise PermissionDenied
        try:
            made = _write_down(request)
        except (NotHeld, requests.CannotAnswer) as error:
            problem = str(error)
        else:
            messages.success(request, _("Written down as %(number)s.") % {"number": made.number})
            return redirect("access_request", pk=made.pk)
    context = {
        "waiting": list(requests.waiting()[:_SHOWN]),
        "may_handle": request.user.may("rights.handle"),
        "answered": [(one, words.WORDS[one.answer]) for one in Request.objects.exclude(answer="")[:_SHOWN]],
        "problem": problem,
        "given": request.POST,
        "advised": list(oversight.advised()[:_SHOWN]),
        "may_examine": request.user.may("oversight.examine"),
    }
    return render(request, "rights/requests.html", context, status=400 if problem else 200)


def _write_down(request: ConsoleRequest) -> Request:
    given = request.POST
    received = given.get("received_on", "")
    try:
        day = parse_date(received) if received else None
    except ValueError:
        day = None
    if received and day is None:
        raise requests.CannotAnswer("The day on which the request arrived is not a day.")
    return requests.ask(
        Actor.of(request),
        entities=_several(given.get("entities", "")),
        received_on=day,
        asked={name: given.get(name, "").strip() for name in _ASKED},
        verified=given.get("verified", ""),
        reference=given.get("reference", ""),
        language=given.get("language", "en"),
    )


def _several(named: str) -> list[str]:
    """Records as they are typed in one field, with spaces or commas between."""
    return named.replace(",", " ").split()


@needs("rights.see", purpose=True)
@only_for("redress", "oversight")
def access_request(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One request: who asks, what would be told with each redaction, the decision; or the answer as it was signed."""
    one = get_object_or_404(Request.objects.select_related("matter"), pk=pk)
    problem = ""
    readable_whole(request, one.entities.select_related("dataset"))
    if request.method == "POST":
        if not request.user.may("rights.handle"):
            raise PermissionDenied
        try:
            _do(request, one)
        except (CannotDecide, NotHeld, requests.CannotAnswer) as error:
            problem = str(error)
        else:
            return redirect("access_request", pk=pk)
    entities = list(one.entities.values_list("pk", flat=True))
    consulted(Actor.of(request), f"request:{one.pk}", one.number, entities=entities)
    matter = _open_matter(one)
    may_sign = matter is not None and waiting_for(request.user).filter(pk=matter.pk).exists()
    may_sign = may_sign and matter is not None and request.user.username not in requests.excluded(matter)
    would = one.is_open or may_sign  # who decides again reads what would be told now, and not what was told
    made, kept = requests.preview(one) if would else (one.content or {}, {})
    if may_sign and matter is not None and request.method == "GET":
        seen(matter, request.user)
    context = {
        "one": one,
        "records": one.entities.select_related("dataset"),
        "problem": problem,
        "given": request.POST,
        "matter": matter,
        "places": report.shown(made) if made else [],
        "made": made,
        "may_sign": may_sign,
        "would": would,
        "shown": requests.digest_of(made) if would else "",
        "kind": kind_of(matter) if matter else None,
        "grounds": [(one.value, words.GROUNDS[one]) for one in Ground],
        "parts": [(part.value, words.KEPT[part]) for part in BY_CHOICE],
        "marked": request.POST.getlist("parts"),
        "answer": words.WORDS.get(one.answer, ""),
        "signed": _signed(one),
        "may_handle": request.user.may("rights.handle"),
        "kept": _counts({part.value: count for part, count in kept.items()} if would else one.kept),
        "advice": _advice(matter),
        "examinations": one.examinations.all(),
        "letters": one.given_out.all(),
    }
    return render(request, "rights/request.html", context, status=400 if problem else 200)


def _open_matter(one: Request) -> Item | None:
    """The matter of this request that waits for people now, the newest where oversight has put another."""
    kinds = ("access", "access-again", "oversight-advice")
    return Item.objects.filter(kind__in=kinds, proposal__request=one.pk, outcome="").order_by("-pk").first()


def _advice(matter: Item | None) -> object:
    number = matter.proposal.get("examination") if matter is not None else None
    return Examination.objects.filter(pk=number).first() if number else None


def _signed(one: Request) -> list[tuple[object, object, list[str]]]:
    """Each signature on any matter of the request, the answer in words, and the ground recorded with it."""
    found: list[tuple[object, object, list[str]]] = []
    grounds = {(word.matter_id, word.by, word.choice): word.grounds for word in one.words.all()}
    for item in Item.objects.filter(proposal__request=one.pk).prefetch_related("signatures").order_by("pk"):
        for signature in item.signatures.all():
            recorded = grounds.get((item.pk, signature.by, signature.choice), {})
            why = [f"{words.KEPT[Kept(part)]}: {words.ground(letter)} ({letter})" for part, letter in recorded.items()]
            found.append((signature, kind_of(item).label_of(signature.choice), why))
    return found


def _counts(kept: dict[str, int]) -> list[tuple[object, int]]:
    return [(words.KEPT[Kept(part)], count) for part, count in kept.items()]


def _do(request: ConsoleRequest, one: Request) -> None:
    """Do what a form of the page says: sign, link records, or bring it before oversight."""
    given, actor, act = request.POST, Actor.of(request), request.POST.get("act", "")
    if act == "link":
        requests.link(one, actor, _several(given.get("entities", "")))
    elif act == "appeal":
        oversight.bring(one, actor)
        messages.success(request, _("It is before oversight now."))
    else:
        matter = _open_matter(one)
        if matter is None:
            raise CannotDecide("This matter has been decided already.")
        requests.decide_on(
            one,
            matter,
            request.user,
            actor,
            given.get("choice", ""),
            given.get("reason", ""),
            ground=given.get("ground", ""),
            parts=given.getlist("parts"),
            shown=given.get("shown", ""),
        )
        messages.success(request, _("Recorded. Where it takes two people, it stands when the second agrees."))


@require_POST
@needs("rights.handle", purpose=True)
@only_for("redress")
def answer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Make the answer out for the person, as a file; each time is logged as a disclosure."""
    one = get_object_or_404(Request.objects.select_related("matter"), pk=pk)
    form = request.POST.get("form", "html")
    try:
        text = requests.give_out(one, Actor.of(request), request.POST.get("language", ""), form)
    except requests.CannotAnswer as error:
        messages.error(request, str(error))
        return redirect("access_request", pk=pk)
    kind = {"html": "text/html", "txt": "text/plain", "json": "application/json"}[form]
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    name = f"{one.number}-{request.POST['language']}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
