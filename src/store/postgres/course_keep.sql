UPDATE {schema}.courses SET import_stamp = $2::bigint WHERE id = $1::bigint
