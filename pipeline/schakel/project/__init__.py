"""The content of a project as the engine reads it."""
