"""Joining the measures to the house, once, when the installation starts: what their manifests name is looked up and
added to the registries of the rooms. Of one that is off, what it holds about persons counts, and its roles keep their
names."""

from django.utils.translation import gettext_lazy

from baham.platform.accounts.purposes import PurposeKind
from baham.platform.accounts.purposes import add as add_purpose
from baham.platform.accounts.roles import PERMISSIONS, Role
from baham.platform.cases.registry import WORKFLOWS
from baham.platform.hooks import BY_NAME
from baham.platform.jobs.running import HOURLY, KINDS
from baham.platform.measure import Exit, Measure, installed, switched_on
from baham.platform.places import PLACES
from baham.platform.release.exits import EXITS
from baham.platform.review.kinds import KINDS as REVIEWED
from baham.platform.rights.access import HELD


def join() -> None:
    """Add every measure's part to the house. To be called once, when all models are there."""
    for one in installed():
        PLACES.extend(one.find(one.records) if one.records else [])
        HELD.extend(one.find(one.held) if one.held else [])
        for code, title in one.roles.items():
            Role.add(code, gettext_lazy(title))
    for one in switched_on():
        _people(one)
        _work(one)
        EXITS.extend(Exit(way.code, gettext_lazy(way.title), one.module(way.module)) for way in one.exits)
        for hook, added in one.hooks:
            BY_NAME[hook].add(one.find(added))


def _people(one: Measure) -> None:
    for act, roles in one.acts.items():
        PERMISSIONS[act] = frozenset(Role(code) for code in roles)
    for purpose in one.purposes:
        mine = frozenset(Role(code) for code in purpose.roles)
        add_purpose(PurposeKind(purpose.code, gettext_lazy(purpose.title), gettext_lazy(purpose.meaning), mine))


def _work(one: Measure) -> None:
    REVIEWED.extend(one.find(one.kinds) if one.kinds else [])
    WORKFLOWS.extend(one.find(one.workflows) if one.workflows else [])
    KINDS.update({kind: one.find(work) for kind, work in one.jobs.items()})
    HOURLY.extend(one.find(work) for work in one.hourly)
