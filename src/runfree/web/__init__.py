"""The web app on one's own computer: thin routes that parse, call a use case and show a page."""
