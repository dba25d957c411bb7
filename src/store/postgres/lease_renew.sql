UPDATE {schema}.leases SET until = to_timestamp($3::bigint)
 WHERE name = $1::text AND holder = $2::text
