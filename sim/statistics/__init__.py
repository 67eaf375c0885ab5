"""Methods of statistics on plain arrays; they know nothing of cars, scenarios or files."""
