"""Storage: properties of hydrogen, banks of cylinders, compression, and the battery."""
