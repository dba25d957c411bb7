UPDATE leases SET until = unixepoch() + CAST($3 AS INTEGER) WHERE name = $1 AND holder = $2
