"""A new project: the smallest that publishes, or one drafted from the tables of others."""

from schakel.scaffold.project import Draft, draft_project, write_project

__all__ = ["Draft", "draft_project", "write_project"]
