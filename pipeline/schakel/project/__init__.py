"""A project as it is read: the content of its folders."""
