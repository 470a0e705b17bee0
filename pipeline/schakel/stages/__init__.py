"""The stages of a build, each from tables to tables and findings."""
