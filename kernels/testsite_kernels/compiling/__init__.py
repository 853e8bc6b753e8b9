"""Where compiled kernels are kept on disk: no kernel, and the one package here that sees files and processes."""
