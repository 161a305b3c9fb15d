"""Sharing: what partners exchange with us, how far it is trusted, and how it is taken back."""

from baham.platform.measure import Entry, Exit, Group, Measure, gettext_noop

MEASURE = Measure(
    name="sharing",
    title=gettext_noop("Sharing"),
    menu=(Entry(gettext_noop("Sharing"), "sharing", "release.see", Group.HOUSE),),
    addresses="urls",
    doors=("/exchange/", "/taxii2/"),
    kinds="kinds:KINDS",
    exits=(
        Exit("taxii", gettext_noop("TAXII collection"), "taxii.readers"),
        Exit("overlap", gettext_noop("Private overlap check"), "overlap.prepare"),
    ),
    records="erasing:PLACES",
    held="held:HELD",
    jobs={"overlap": "overlap.offered:work"},
    hourly=("overlap.leads:upkeep", "overlap.offered:hourly"),
    commands={
        "partners link": ("commands.partners", "Say where a partner's installation is and how we sign in there."),
        "partners sync": ("commands.partners", "Take what a partner has said since the last time."),
        "pack": ("commands.pack", "Signed and encrypted files for posts, banks and air gaps."),
        "taxii": ("commands.taxii", "Collections that partners read and post to."),
        "overlap": ("commands.overlap", "Private overlap checks: do a partner and we hold the same identity?"),
    },
    hooks=(
        ("record.touched", "overlap.offered:look"),
        ("record.last-change", "taxii.models:last_place"),
        ("partner.page", "pages:of_partner"),
        ("partner.terms-ended", "overlap.stopping:when_terms_end"),
    ),
    demo="demo:events",
    docs=("sharing.md", "taxii.md", "overlap.md", "exchange.md"),
    needs=("ledger", "review", "release", "rights"),
)
