UPDATE leases SET until = $3 WHERE name = $1 AND holder = $2
