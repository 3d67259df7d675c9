"""Alerts: what people are told, once, in order, and until it arrives. Apprise is imported only where something is sent."""
