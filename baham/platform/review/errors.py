"""What may go wrong in this room."""


class CannotDecide(ValueError):
    """The decision may not be taken like this. The text says what to mend."""
