"""Digital-transformation KPIs: from Vietnamese prose to an audited warehouse."""
