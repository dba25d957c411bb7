UPDATE courses SET import_stamp = CAST($2 AS INTEGER) WHERE id = CAST($1 AS INTEGER)
