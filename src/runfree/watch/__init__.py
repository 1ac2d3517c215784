"""What a watch says about a run: steady stretches, the runner's own baseline, film and watch side by side."""
