"""Our numbers against known truth; ``python -m validation`` runs it and writes docs/accuracy.md."""
