"""The tests: they mirror the trees of the library and of its kernels."""
