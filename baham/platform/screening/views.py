"""Pages of the screening room: one name, a file of names, and what was found."""

import json
from collections.abc import Iterable
from itertools import islice

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from baham.formats import BadInput
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.jobs.models import Job
from baham.platform.jobs.services import start
from baham.platform.ledger.models import Dataset
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.uploads import keep
from baham.platform.screening import index, kept, services, work
from baham.platform.screening.asking import NoSuchDate, asked_dates
from baham.platform.screening.queries import BadRow, open_queries, read_queries

_LIMIT = 5
_SHOWN = 200
_LARGEST = 64 * 1024**2
_LOOKED_AT = 20
"""Rows that are read before an upload is taken: if none of them can be, it is no file of names."""


class SubjectForm(forms.Form):
    """What is known of the person or firm that is asked about."""

    name = forms.CharField(max_length=400, label=_("Name, in any script"))
    birth_date = forms.CharField(max_length=40, required=False, label=_("Birth date or year"))
    father_name = forms.CharField(max_length=200, required=False, label=_("Father’s name"))
    nationality = forms.CharField(max_length=80, required=False, label=_("Nationality"))
    id_number = forms.CharField(max_length=80, required=False, label=_("Identity or passport number"))
    address = forms.CharField(max_length=300, required=False, label=_("Place"))

    def clean_birth_date(self) -> str:
        written = self.cleaned_data["birth_date"]
        if not written:
            return ""
        try:
            read = asked_dates(written, timezone.localdate())
        except NoSuchDate:
            read = []
        if len(read) != 1:
            raise forms.ValidationError(_("Write one date that has been, such as 1984, 1984-03 or 12.3.1984."))
        return read[0]


class FileForm(forms.Form):
    """A file of names."""

    file = forms.FileField(label=_("File of names (CSV or JSON lines)"))

    def clean_file(self) -> object:
        if self.cleaned_data["file"].size > _LARGEST:
            raise forms.ValidationError(_("The file is larger than 64 MB. Screen it with `baham screen`."))
        return self.cleaned_data["file"]


@needs("screen.run", purpose=True)
def screen(request: ConsoleRequest) -> HttpResponse:
    """Screen one name. By POST, so that no name ends up in an address, a history or a proxy's log."""
    from baham.engines.names import Query

    form = SubjectForm(request.POST if request.method == "POST" else None)
    found, asked, problem, silent = None, None, "", []
    if request.method == "POST" and form.is_valid():
        asked = {name: value for name, value in form.cleaned_data.items() if value}
        try:
            place = str(request.user.organisation or "")
            every = services.screen(
                [Query(**asked)], limit=_LIMIT, organisation=place, cleared=True, reader=NeedToKnow.of(request)
            )[0]
            found = [one for one in every if not one.is_silent]
            silent = [one for one in every if one.is_silent]
            services.log_screening(
                Actor.of(request), "screening:one", asked["name"], names=1, hits=len(found), cleared=len(silent)
            )
        except services.NoIndex as error:
            problem = str(error)
    context = {
        "form": form,
        "file_form": FileForm(),
        "found": found,
        "asked": asked,
        "problem": problem,
        "silent": silent,
        "lapsed": _open(request, services.lapsed_lists()),
        "asked_name": asked["name"] if asked else "",
        "stale": index.is_stale(),
        "lists": _open(request, Dataset.objects.filter(screened=True)),
        "jobs": Job.objects.filter(kind="screen", owner=request.user.username)[:5],
    }
    return render(request, "screening/screen.html", context, status=400 if form.errors else 200)


def _open(request: ConsoleRequest, datasets: Iterable[Dataset]) -> list[Dataset]:
    """Those lists whose own handling reaches this person."""
    return [dataset for dataset in datasets if NeedToKnow.of(request).closes(dataset) is None]


@require_POST
@needs("screen.run", purpose=True)
def screen_file(request: ConsoleRequest) -> HttpResponse:
    """Take a file of names and screen it as a job. A file that cannot be read is refused before anything starts."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        path = keep(upload)
        try:
            with open_queries(path) as file:
                rows = list(islice(read_queries(file, upload.name), _LOOKED_AT))
            bad = [row for row in rows if isinstance(row, BadRow)]
            if bad and len(bad) == len(rows):
                raise BadInput(upload.name, bad[0].error, line=bad[0].line, field=bad[0].field or None)
        except BadInput as error:
            path.unlink()
            form.add_error("file", str(error))
        else:
            job = start("screen", upload.name, Actor.of(request), path=str(path), limit=_LIMIT)
            return redirect("job", pk=job.pk)
    context = {
        "form": SubjectForm(),
        "file_form": form,
        "found": None,
        "stale": index.is_stale(),
        "lists": _open(request, Dataset.objects.filter(screened=True)),
        "jobs": Job.objects.filter(kind="screen", owner=request.user.username)[:5],
    }
    return render(request, "screening/screen.html", context, status=400)


def _own_job(request: ConsoleRequest, pk: object) -> Job:
    """The screening job, for whoever started it."""
    job = get_object_or_404(Job, pk=pk, kind="screen", owner=request.user.username)
    if not (work.results_folder() / f"{job.pk}.jsonl").exists():
        raise Http404
    return job


@needs("screen.run", purpose=True)
def results(request: ConsoleRequest, pk: object) -> HttpResponse:
    """The names of a screened file that had hits, with their evidence, and the rows that could not be read."""
    job = _own_job(request, pk)
    found, told = work.results_of(job)
    with_hits = (row for row in kept.rows(found, NeedToKnow.of(request)) if row["hits"] or "withheld" in row)
    rows = list(islice(with_hits, _SHOWN))
    errors: list[dict[str, object]] = []
    if told.exists():
        with told.open(encoding="utf-8") as file:
            errors = [json.loads(line) for line in islice(file, _SHOWN)]
    services.log_screening(
        Actor.of(request), f"job:{job.pk}", job.title, names=len(rows), hits=sum(len(row["hits"]) for row in rows)
    )
    context = {"job": job, "rows": rows, "shown": _SHOWN, "errors": errors}
    return render(request, "screening/results.html", context)


@needs("screen.run", purpose=True)
def download(request: ConsoleRequest, pk: object) -> HttpResponseBase:
    """The results as JSON lines, or as CSV; or the rows that could not be read."""
    job = _own_job(request, pk)
    kind = request.GET.get("as", "")
    found, told = work.results_of(job)
    record(
        Actor.of(request),
        Event.DISCLOSURE,
        "fetched results",
        f"job:{job.pk}",
        title=job.title,
        recipient=request.user.username,
        form=kind if kind in ("csv", "errors") else "jsonl",
    )
    if kind == "csv":
        return _file(work.as_csv(kept.rows(found, NeedToKnow.of(request))), "text/csv; charset=utf-8", "hits.csv")
    if kind == "errors":
        if not told.exists():
            raise Http404
        return FileResponse(
            told.open("rb"), as_attachment=True, filename="errors.jsonl", content_type="application/jsonl"
        )
    return _file(kept.lines(found, NeedToKnow.of(request)), "application/jsonl", "hits.jsonl")


def _file(lines: Iterable[str], kind: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
