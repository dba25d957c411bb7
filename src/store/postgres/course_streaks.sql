SELECT id, name, unknown_sweeps
  FROM {schema}.courses
 WHERE active
 ORDER BY id
