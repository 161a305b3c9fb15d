"""Pages of the sources: which lists are in force, their versions, what each version changed, and loading a new one."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from baham.formats import BadInput
from baham.formats.csv_mapping import mapping_of
from baham.kernel.handling import TLP
from baham.platform.accounts.access import needs, require_purpose
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.fields import may_choose
from baham.platform.jobs.models import Job
from baham.platform.jobs.services import start
from baham.platform.ledger.datasets import differences, known_changes, overview, readable
from baham.platform.ledger.keeping import may_name
from baham.platform.ledger.models import Change, Dataset, Version
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.offered import offer
from baham.platform.ledger.opening import open_list
from baham.platform.ledger.reading import how
from baham.platform.ledger.uploads import keep
from baham.platform.ledger.views_offered import of_keeper

_PAGE = 25
_LARGEST = 2 * 1024**3


class LoadForm(forms.Form):
    """A file, and the list it is a version of: one that is here, or a new one."""

    existing = forms.ChoiceField(label=_("List"), required=False)
    name = forms.SlugField(max_length=60, label=_("Name of a new list"), required=False)
    title = forms.CharField(max_length=200, label=_("Title"), required=False)
    tlp = forms.TypedChoiceField(
        label=_("Who may have it"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", ""), *((one.value, one.label) for one in TLP)],
        help_text=_(
            "For a new list: TLP:CLEAR, anybody; GREEN, the community; AMBER, this organisation and whom it serves; "
            "AMBER+STRICT, this organisation alone; RED, named persons."
        ),
    )
    file = forms.FileField(label=_("File"))
    mapping = forms.FileField(
        label=_("Mapping of a table’s columns"),
        required=False,
        help_text=_("Only if it is to be another than before: a list keeps the mapping it was loaded with."),
    )

    def __init__(self, reader: NeedToKnow, *given: Any) -> None:
        super().__init__(*given)
        every = Dataset.objects.exclude(format__in=("", "exchange"))
        lists = [(one.name, one.title) for one in every if reader.keeps(one)]
        self._reader = reader
        self._of_others = {one.name for one in Dataset.objects.all() if not reader.keeps(one)}
        may_choose(self, "existing", [("", _("A new list")), *lists])

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > _LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 GB. Load it with `baham sources load`."))
        return file

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if not given.get("existing") and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Choose a list, or name a new one."))
        if self._is_new(given) and given.get("tlp") is None and "tlp" not in self.errors:
            self.add_error("tlp", _("Say who may have the new list."))
        named = given.get("name")
        if named and (named in self._of_others or not may_name(str(named), self._reader)):
            self.add_error("name", _("This name is taken. Choose another one."))
        given["list"] = given.get("existing") or given.get("name")
        return given

    def _is_new(self, given: dict[str, object]) -> bool:
        name = given.get("name")
        return bool(name) and not given.get("existing") and not Dataset.objects.filter(name=name).exists()


@needs("sources.see")
def sources(request: ConsoleRequest) -> HttpResponse:
    """All lists with their versions; for a list officer also the form that brings a file, which is looked at first."""
    posted = request.method == "POST"
    if posted and not request.user.may("sources.load"):
        raise PermissionDenied
    reader = NeedToKnow.of(request)
    form = LoadForm(reader, request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        job = _bring(form, Actor.of(request))
        if job is not None:
            return redirect("job", pk=job.pk)
    datasets = overview()
    for dataset in datasets:
        vars(dataset).update(closed=reader.closes(dataset), counted=reader.keeps(dataset))
    may_load = request.user.may("sources.load")
    waiting = of_keeper(reader).filter(state__in=("looked at", "asked", "agreed")) if may_load else []
    context = {"datasets": datasets, "form": form, "may_load": may_load, "waiting": waiting}
    return render(request, "ledger/sources.html", context, status=400 if form.errors else 200)


def _bring(form: LoadForm, actor: Actor) -> Job | None:
    """Keep what was uploaded and look at it; None, with what is wrong on the form, where it cannot be read at all."""
    given = form.cleaned_data
    path = keep(given["file"])
    options: dict[str, object] = {}
    try:
        if given["mapping"]:
            options = {"mapping": _mapping(given["mapping"])}
        how(path, given["list"], "", options)
    except BadInput as error:
        path.unlink()
        form.add_error("file", str(error).replace(str(path), given["file"].name))
        return None
    tlp = None if given["tlp"] is None else TLP(given["tlp"])
    name = given["file"].name
    one = offer(path, given["list"], actor, file_name=name, title=given["title"], options=options, tlp=tlp)
    return start("look", one.file_name, actor, offered=one.pk)


def _mapping(upload: object) -> dict[str, object]:
    path = keep(upload)
    try:
        return mapping_of(path)
    except BadInput as error:
        raise BadInput(getattr(upload, "name", ""), error.problem, error.line, error.field) from None
    finally:
        path.unlink()


@needs("sources.see")
def source(request: ConsoleRequest, name: str) -> HttpResponse:
    """One list: who publishes it, and its versions."""
    dataset = get_object_or_404(Dataset, name=name)
    open_list(request, dataset)
    page = Paginator(dataset.versions.all(), _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ledger/source.html",
        {
            "dataset": dataset,
            "page": page,
            "counted": NeedToKnow.of(request).keeps(dataset),
        },
    )


@needs("record.read")
def version(request: ConsoleRequest, name: str, number: int) -> HttpResponse:
    """What one version added, changed and removed, entity by entity and value by value."""
    require_purpose(request)
    found = get_object_or_404(Version.objects.select_related("dataset"), dataset__name=name, number=number)
    open_list(request, found.dataset)
    reader, counts = NeedToKnow.of(request), {one: getattr(found, one) for one in Change.Kind.values}
    known = None
    if not reader.keeps(found.dataset):  # how many others there are is nobody else's affair
        known = known_changes(found, reader)
        counts = {one: len(pks) for one, pks in known.items()}
    kind = request.GET.get("kind", "")
    if kind not in Change.Kind.values:
        kind = next((kind for kind in ("changed", "removed", "added") if counts[kind]), "added")
    page = Paginator(range(counts[kind]), _PAGE).get_page(request.GET.get("page"))
    every = differences(
        found, None if known is None else known[kind], kind, page.start_index() - 1 if page.object_list else 0, _PAGE
    )
    changes, withheld = readable(every, found.dataset, reader)
    if changes:
        pks = [change.entity.pk for change in changes]
        consulted(Actor.of(request), f"version:{name}:{number}", str(found.dataset), entities=pks)
    context = {"version": found, "kind": kind, "counts": counts, "page": page, "changes": changes, "withheld": withheld}
    return render(request, "ledger/version.html", context)
