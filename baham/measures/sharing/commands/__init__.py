"""The command line of sharing."""
