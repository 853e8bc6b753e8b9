"""What is gathered for the page of the scorecard."""


class Card:
    """What is gathered for the page: its aims, its sections, what is left out; lines on the models of decision 7."""

    def __init__(self) -> None:
        self.aims: list[list[str]] = []
        self.sections: list[str] = []
        self.left_out: list[str] = []
        self.reasons: dict[str, str] = {}
        self.models: list[str] = []

    def add(self, *lines: str) -> None:
        """Add lines to the sections."""
        self.sections += [*lines, ""]
