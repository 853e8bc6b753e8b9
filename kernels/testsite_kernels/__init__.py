"""The numba time-series core of testsite-sim: NumPy arrays in, NumPy arrays out."""
