"""What is published, made of the tables of the engine."""
