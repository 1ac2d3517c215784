"""The vocabulary: errors, units, measures, motion, steps, estimates, findings, analyses."""
