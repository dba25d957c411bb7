SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('teesheet ' || $1::text, 0))
