SELECT n.oid IS NOT NULL,
       EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)
       OR EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)
       OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid),
       EXISTS (SELECT FROM pg_catalog.pg_class c
                WHERE c.relnamespace = n.oid AND c.relname = 'teesheet_schema')
  FROM (SELECT $1::name AS name) wanted
  LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name
