UPDATE leases
   SET holder = 'stopped', until = unixepoch() + CAST($3 AS INTEGER)
 WHERE name IN (SELECT value FROM json_each($1)) AND holder = $2
