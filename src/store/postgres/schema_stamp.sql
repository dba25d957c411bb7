INSERT INTO {schema}.teesheet_schema (version) VALUES ($1::integer)
