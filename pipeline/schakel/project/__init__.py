"""A project as it is read: settings and the content of its folders."""
