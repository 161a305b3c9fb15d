"""The page of a file that is to become a version of a list: what it would do, and the two ways on."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from baham.kernel.handling import Audience
from baham.platform.accounts.access import needs, require_purpose
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.models import User
from baham.platform.audit.services import Actor, consulted
from baham.platform.jobs.services import start
from baham.platform.ledger import offered as offering
from baham.platform.ledger.models import Dataset, Entity, Offered
from baham.platform.ledger.need_to_know import NeedToKnow


@needs("sources.load")
def offered(request: ConsoleRequest, pk: int) -> HttpResponse:
    """What an offered file would do, by number and by example. Posting puts it in force, asks a second person about it
    where it stops, or lets it go."""
    require_purpose(request)
    one = get_object_or_404(of_keeper(NeedToKnow.of(request)), pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            return _act(request, one)
        except offering.CannotOffer as error:
            problem = str(error)
    context = {
        "offered": one,
        "problem": problem,
        "here": offering.is_here(one),
        **shown(request, one),
        "dataset": Dataset.objects.filter(name=one.dataset_name).first(),
    }
    return render(request, "ledger/offered.html", context, status=400 if problem else 200)


def of_keeper(reader: NeedToKnow) -> QuerySet[Offered]:
    """The files that may become versions of lists of this person's side; for a list that is not here yet, those that
    its people brought."""
    colleagues = User.objects.filter(organisation=reader.place).values("username")
    own = (
        Q(by__in=colleagues)
        if reader.place is not None and not reader.place.is_operators
        else ~Q(
            by__in=User.objects.exclude(organisation=None)
            .filter(organisation__audience__lt=Audience.ORGANISATION)
            .values("username")
        )
    )
    kept = [dataset.name for dataset in Dataset.objects.all() if reader.keeps(dataset)]
    known = Dataset.objects.values("name")
    return Offered.objects.filter(Q(dataset_name__in=kept) | own & ~Q(dataset_name__in=known))


def shown(request: ConsoleRequest, one: Offered) -> dict[str, object]:
    """Some of the entries that end and change, as far as this reader may have them; that they were read is logged."""
    both = {side: one.effect.get(side, []) for side in ("ending", "changing")}
    pks = [pk for some in both.values() for pk in some]
    entities = Entity.objects.filter(pk__in=pks).select_related("dataset")
    known = NeedToKnow.of(request).shown(entities)
    if known:
        consulted(Actor.of(request), f"dataset:{one.dataset_name}", one.file_name, entities=sorted(known))
    return {side: [known[pk] for pk in some if pk in known] for side, some in both.items()}


def _act(request: ConsoleRequest, one: Offered) -> HttpResponse:
    actor = Actor.of(request)
    if not offering.is_here(one):
        raise offering.CannotOffer("The file is no longer here. Bring it again.")
    if request.POST.get("act") == "drop":
        offering.drop(one)
        return redirect("sources")
    if request.POST.get("act") == "ask":
        offering.ask(one, actor, request.POST.get("reason", ""))
        return redirect("offered", pk=one.pk)
    if not one.effect:
        raise offering.CannotOffer(_("The file has not been looked at yet. Wait until it is said what it would do."))
    if one.effect.get("why") and one.state != Offered.State.AGREED:
        raise offering.CannotOffer("A second person has to agree first.")
    job = start("load", one.file_name, actor, offered=one.pk)
    return redirect("job", pk=job.pk)
