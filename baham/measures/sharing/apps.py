"""Sharing: what partners exchange with us, how far it is trusted, and how it is taken back."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "baham.measures.sharing"
    label = "sharing"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.measures.sharing import erasing, held, kinds, pages
        from baham.measures.sharing.overlap import leads, offered, stopping
        from baham.measures.sharing.taxii import models as taxii
        from baham.platform.jobs import running
        from baham.platform.ledger.touches import LASTS, TOUCHED
        from baham.platform.places import PLACES, Place
        from baham.platform.release.pages import OF_PARTNER
        from baham.platform.release.partners import TERMS_ENDED
        from baham.platform.review.kinds import KINDS
        from baham.platform.rights.access import HELD

        running.HOURLY.append(leads.upkeep)
        KINDS.extend(kinds.KINDS)
        OF_PARTNER.append(pages.of_partner)
        TERMS_ENDED.append(stopping.when_terms_end)
        HELD.extend(held.HELD)
        TOUCHED.append(offered.look)
        LASTS.append(taxii.last_place)
        running.KINDS[offered.KIND] = offered.work
        running.HOURLY.append(offered.hourly)
        PLACES.extend(
            [
                Place(
                    _("What partners gave"),
                    ("sharing.Received", "sharing.Outcome"),
                    erasing.received_held,
                    erasing.erase_received,
                ),
                Place(
                    _("Objects in collections"),
                    ("sharing.Stored", "sharing.Status"),
                    erasing.stored_held,
                    erasing.erase_stored,
                ),
                Place(
                    _("Objects told to readers"),
                    ("sharing.Told", "sharing.Feed"),
                    erasing.told_held,
                    erasing.erase_told,
                ),
                Place(
                    _("Leads of overlap checks"),
                    ("sharing.Lead",),
                    erasing.leads_held,
                    erasing.erase_leads,
                    erasing.leads_known_as,
                ),
                Place(
                    _("Requests of overlap checks, kept for an auditor"),
                    (),
                    erasing.asked_held,
                    erasing.nothing_here,
                    files=erasing.asked_files,
                ),
                Place(
                    _("Sets prepared for overlap checks"),
                    ("sharing.PreparedSet", "sharing.PreparedKey"),
                    erasing.overlap_held,
                    erasing.erase_overlap,
                    files=erasing.overlap_files,
                ),
            ]
        )
