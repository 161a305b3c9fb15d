"""Every address of the console. Each view says who may open it (accounts.access); one that does not is refused."""

from django.conf.urls.i18n import urlpatterns as language
from django.urls import include, path

from baham.platform.measure import switched_on

urlpatterns = [
    path("", include("baham.platform.shell.urls")),
    path("", include("baham.platform.ledger.urls")),
    path("", include("baham.platform.screening.urls")),
    path("", include("baham.platform.review.urls")),
    path("", include("baham.platform.cases.urls")),
    path("", include("baham.platform.release.urls")),
    path("", include("baham.platform.clients.urls")),
    path("", include("baham.platform.rights.urls")),
    *(path("", include(one.module(one.addresses))) for one in switched_on() if one.addresses),
    path("", include("baham.platform.jobs.urls")),
    path("", include("baham.platform.audit.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", include(language)),
]
