UPDATE {schema}.leases SET until = now() + $3::bigint * interval '1 second'
 WHERE name = $1::text AND holder = $2::text
