"""Files to core and back: films, motion files, results."""
