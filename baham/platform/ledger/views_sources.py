"""Pages of the sources: which lists are in force, their versions, what each version changed, and loading a new one."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from baham.formats import BadInput, detect
from baham.platform.accounts.access import needs, require_purpose
from baham.platform.audit.services import Actor, consulted
from baham.platform.jobs.services import start
from baham.platform.ledger.datasets import differences, overview, readable
from baham.platform.ledger.models import Change, Dataset, Version
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.opening import open_list
from baham.platform.ledger.uploads import keep

_PAGE = 25
_LARGEST = 2 * 1024**3


class LoadForm(forms.Form):
    """A file, and the list it is a version of."""

    name = forms.SlugField(max_length=60, label=_("Name of the list"))
    title = forms.CharField(max_length=200, label=_("Title"), required=False)
    file = forms.FileField(label=_("File"))

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > _LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 GB. Load it with `baham sources load`."))
        return file


@needs("sources.see")
def sources(request: HttpRequest) -> HttpResponse:
    """All lists with their versions; for a list officer also the form that loads one."""
    posted = request.method == "POST"
    form = LoadForm(request.POST if posted else None, request.FILES if posted else None)
    if request.method == "POST":
        if not request.user.may("sources.load"):
            raise PermissionDenied
        if form.is_valid():
            path = keep(form.cleaned_data["file"])
            try:
                detect(path)
            except BadInput as error:
                path.unlink()
                form.add_error("file", str(error).replace(str(path), form.cleaned_data["file"].name))
            else:
                given = {"path": str(path), "name": form.cleaned_data["name"], "title": form.cleaned_data["title"]}
                job = start("load", form.cleaned_data["file"].name, Actor.of(request), **given)
                return redirect("job", pk=job.pk)
    reader, datasets = NeedToKnow.of(request), overview()
    for dataset in datasets:
        dataset.closed = reader.closes(dataset)  # type: ignore[attr-defined]
    context = {"datasets": datasets, "form": form, "may_load": request.user.may("sources.load")}
    return render(request, "ledger/sources.html", context, status=400 if form.errors else 200)


@needs("sources.see")
def source(request: HttpRequest, name: str) -> HttpResponse:
    """One list: who publishes it, and its versions."""
    dataset = get_object_or_404(Dataset, name=name)
    open_list(request, dataset)
    page = Paginator(dataset.versions.all(), _PAGE).get_page(request.GET.get("page"))
    return render(request, "ledger/source.html", {"dataset": dataset, "page": page})


@needs("record.read")
def version(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """What one version added, changed and removed, entity by entity and value by value."""
    require_purpose(request)
    found = get_object_or_404(Version.objects.select_related("dataset"), dataset__name=name, number=number)
    open_list(request, found.dataset)
    counts = {"added": found.added, "changed": found.changed, "removed": found.removed}
    kind = request.GET.get("kind", "")
    if kind not in Change.Kind.values:
        kind = next((kind for kind in ("changed", "removed", "added") if counts[kind]), "added")
    page = Paginator(range(counts[kind]), _PAGE).get_page(request.GET.get("page"))
    every = differences(found, kind, page.start_index() - 1 if page.object_list else 0, _PAGE)
    changes, withheld = readable(every, found.dataset, NeedToKnow.of(request))
    if changes:
        pks = [change.entity.pk for change in changes]
        consulted(Actor.of(request), f"version:{name}:{number}", str(found.dataset), entities=pks)
    context = {"version": found, "kind": kind, "counts": counts, "page": page, "changes": changes,
               "withheld": withheld}  # fmt: skip
    return render(request, "ledger/version.html", context)
