"""Keeping a warehouse going: logs, metrics, backups, what is tidied away, the service. None of it knows Dagster's assets."""
