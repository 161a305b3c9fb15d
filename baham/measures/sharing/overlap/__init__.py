"""The private overlap check between two installations: the asker's side, and the holder's in a process of its own.

`folder`, `prepared`, `book`, `epochs`, `letters` and `holder` are the holder's; they import no Django and open no
ledger. `prepare` and `asking` run beside the ledger and know no secret of an epoch. docs/overlap.md has the protocol.
"""
