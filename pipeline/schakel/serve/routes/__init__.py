"""What can be asked for: the endpoint, canned queries, names for OpenRefine, files and the documents of things, and how the service is."""
