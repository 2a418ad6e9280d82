"""django-oscar's shop for the benchmark: its own settings, nothing overridden but where the database is."""
