"""Programs of the developers: measurements, pages and pictures that are made anew by one command each."""
