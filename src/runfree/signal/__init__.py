"""Arithmetic on arrays: robust statistics, local fits, periodicity, angles. No knowledge of running."""
