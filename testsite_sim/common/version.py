"""The version of testsite-sim."""

__version__ = "0.1.0"
