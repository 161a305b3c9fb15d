"""The private overlap check: do two parties hold the same identity, without showing each other whom they hold. See
docs/overlap.md."""
