"""Random policies against every exit: what is written there and should not be. See `__main__`."""
