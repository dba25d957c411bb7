DELETE FROM leases WHERE name IN (SELECT value FROM json_each($1)) AND holder = $2
