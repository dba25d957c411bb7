SELECT max(version) FROM {schema}.teesheet_schema
