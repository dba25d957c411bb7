DELETE FROM {schema}.leases WHERE name = $1::text AND holder = $2::text
