"""What sharing says of itself to the house's own tests (`tests/support/measures.py`)."""

from baham.platform.accounts.roles import Role

WHY = "An invented reason that is long enough."
WORKING = frozenset({Role.LIST_OFFICER, Role.ANALYST, Role.REVIEWER, Role.RELEASE_OFFICER})
RESOLVING = frozenset({Role.ANALYST, Role.REVIEWER})

# S-09: page, method, who may. Written out here a second time on purpose.
PAGES = {
    ("sharing", "get"): WORKING | {Role.OVERSIGHT, Role.AUDITOR},
    ("flows", "get"): WORKING | {Role.OVERSIGHT, Role.AUDITOR},
    ("leads", "get"): WORKING | {Role.OVERSIGHT},
    ("lead", "get"): WORKING | {Role.OVERSIGHT},
    ("inbox", "get"): WORKING | {Role.OVERSIGHT},
    ("inbox", "post"): RESOLVING,
    ("taxii_waiting", "get"): WORKING | {Role.OVERSIGHT},
    ("taxii_waiting", "post"): RESOLVING,
}
ADDRESSES = {
    "sharing": "/sharing/",
    "flows": "/sharing/flows/",
    "leads": "/sharing/leads/",
    "lead": "/sharing/leads/999/",
    "inbox": "/sharing/inbox/daryab/",
    "taxii_waiting": "/sharing/taxii/",
}
# Doors for programs: opened by a key and by nothing else, whoever is signed in.
DOORS = {
    "exchange_deliver": ("/exchange/deliver",),
    "exchange_head": ("/exchange/head",),
    "exchange_messages": ("/exchange/messages?from=0",),
    "exchange_witness": ("/exchange/witness",),
    "taxii": ("/taxii2/", "/taxii2/exchange/collections/", "/taxii2/exchange/status/1/"),
}

PACK = ("pack", "build", "--partner", "daryab", "--publish", "analysis", "--to")
LINK = ("--login", "us", "--secret-file", "absent")
# Commands with one thing missing, which is told before anything is done.
CHECKED_FIRST = {
    "overlap serve: a free port": ("overlap", "serve", "--port", "TAKEN"),
    "partners link: a secret": ("partners", "link", "daryab", "--url", "https://daryab.invalid", *LINK),
    "partners sync: a link": ("partners", "sync", "daryab"),
    "pack build: a key": (*PACK, "out.pack"),
    "pack build: a folder": (*PACK, "absent/out.pack"),
    "pack verify: a file": ("pack", "verify", "absent"),
    "pack open: a pack": ("pack", "open", "plain"),
    "pack receipt: a folder": ("pack", "receipt", "--partner", "daryab", "--to", "absent/r.json"),
    "pack receipt: a file": ("pack", "receipt", "--partner", "daryab", "--read", "absent"),
    "taxii add: an owner": ("taxii", "add", "Other", "--root", "south", "--owner", "absent"),
    "taxii add: a list": ("taxii", "add", "Other", "--root", "south", "--ledger", "--dataset", "absent"),
    "taxii access: a partner": ("taxii", "access", "shared", "absent", "--read"),
    "taxii accept: what waits": ("taxii", "accept", "shared", "5", "--reason", WHY),
    "taxii link: a secret": ("taxii", "link", "daryab", "--url", "https://daryab.invalid", "--collection", "x", *LINK),
    "taxii fetch: a link": ("taxii", "fetch", "daryab"),
    "overlap prepare: an agreement": ("overlap", "prepare", "daryab", "--purpose", "screening"),
    "overlap prepare: a purpose": ("overlap", "prepare", "daryab", "--purpose", "absent"),
    "overlap ready: a key of theirs": ("overlap", "ready", "daryab", "--url", "https://daryab.invalid"),
    "overlap ask: a folder": (
        "overlap",
        "ask",
        "asked.csv",
        "--partner",
        "daryab",
        "--purpose",
        "screening",
        "--case",
        "c",
        "--out",
        "absent/o",
    ),
    "overlap ask: a file": (
        "overlap",
        "ask",
        "absent.csv",
        "--partner",
        "daryab",
        "--purpose",
        "screening",
        "--case",
        "c",
    ),
    "overlap open: a request": ("overlap", "open", "0" * 16, "--place", "0"),
    "overlap examine: an opening": ("overlap", "examine", "plain"),
}
# Commands that only tell, or have nothing to be missing.
TELLS = {
    "taxii list": "",
    "taxii waiting": "",
    "overlap log": "",
    "overlap stop": "",
    "taxii reject": "",
}
# What the commands find when they are tried: run one after the other in a new home.
BEGUN = {("taxii", "add", "Shared", "--root", "north", "--alias", "shared"): ""}

# Modules that write outward: what the gate let out, from here to there.
CARRIES = {
    "baham/measures/sharing/commands/pack.py": "writes a receipt: a signed head, no claims; packs are written by measures/sharing/packs.py",
    "baham/measures/sharing/exchange.py": "hands over messages of the channel, which are said through the gate alone",
    "baham/measures/sharing/packs.py": "writes messages of the channel into a file",
    "baham/measures/sharing/sync.py": "fetches; sends only the signed head of what it has heard",
    "baham/measures/sharing/taxii/answers.py": "pages of a shelf: what is stored is posted by partners and no record of"
    " ours, and goes to whom readers.py, the agreement and the marking allow; what a shelf renders of ours asks the gate",
    "baham/measures/sharing/taxii/fetching.py": "fetches; keeps our own login in a file of its own, and sends no data",
}
# Modules that write outward, and nothing of a record leaves by them.
STAYS = {
    "baham/measures/sharing/commands/overlap.py": "leads, to whoever asked, and to the file that they named",
}
