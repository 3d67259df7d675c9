"""The line as Dagster assets: read a resource, call the domain, say what happened."""
