"""Addresses of the ledger: sources and their versions, entities and the chains of their values."""

from django.urls import path, register_converter

from baham.platform.ledger import views, views_offered, views_sources, views_standing


class StatementId:
    """FtM's statement id: 40 hexadecimal digits."""

    regex = "[0-9a-f]{40}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StatementId, "sid")

urlpatterns = [
    path("entity/<int:pk>/", views.entity, name="entity"),
    path("entity/<int:pk>/judge/", views.judge_entity, name="judge"),
    path("entity/<int:pk>/standing/", views_standing.standing, name="standing"),
    path("entity/<int:pk>/statement/<sid:sid>/", views.chain, name="chain"),
    path("judgement/<int:pk>/retract/", views.retract_judgement, name="retract"),
    path("sources/", views_sources.sources, name="sources"),
    path("sources/offered/<int:pk>/", views_offered.offered, name="offered"),
    path("sources/<slug:name>/", views_sources.source, name="source"),
    path("sources/<slug:name>/<int:number>/", views_sources.version, name="version"),
]
