"""What the commands of this package say when they cannot do their work."""


class Refused(Exception):
    """Nothing was done, or nothing of it was kept; the text says why in Chinese."""
