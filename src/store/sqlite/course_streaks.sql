SELECT id, name, unknown_sweeps
  FROM courses
 WHERE active
 ORDER BY id
