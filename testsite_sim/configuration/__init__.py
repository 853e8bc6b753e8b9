"""Configuration: what can be written in YAML, checked, with units and sources. It knows nothing of the steps."""
