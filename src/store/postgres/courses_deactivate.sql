UPDATE {schema}.courses SET active = false
 WHERE active AND import_stamp <> $1::bigint
