"""One file a department, each with its own settings. Departments know neither mechanisms nor one another."""
