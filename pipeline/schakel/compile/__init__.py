"""Compilers from W3C standards to plans: pure functions, which read no file and run nothing."""
