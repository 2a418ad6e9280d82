"""Where facts and rows live: PostgreSQL rows, the Parquet lake, jobs. Doors open `Stores`."""
