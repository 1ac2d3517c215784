"""Films of a runner whose movement is known exactly: see README.md."""
