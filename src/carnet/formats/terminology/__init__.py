"""Reference data of the project: versioned JSON with its source, checked when it is loaded."""
