"""Load and pain: what is within the usual, what a day's pain says about running, how forms are scored."""
