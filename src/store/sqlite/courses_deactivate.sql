UPDATE courses SET active = 0 WHERE active = 1 AND import_stamp <> CAST($1 AS INTEGER)
