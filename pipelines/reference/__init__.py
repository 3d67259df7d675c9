"""What is known before any document is read: the catalogue and the administrative units."""
