SELECT 'courses', count(*) FROM {schema}.courses
UNION ALL SELECT 'active courses', count(*) FROM {schema}.courses WHERE active
UNION ALL SELECT 'tee sheets', count(*) FROM {schema}.tee_sheets
UNION ALL SELECT 'tee times', count(*) FROM {schema}.tee_times
UNION ALL SELECT 'tee times not closed', count(*) FROM {schema}.tee_times WHERE closed_at IS NULL
UNION ALL SELECT 'events', count(*) FROM {schema}.tee_time_events
UNION ALL SELECT 'sweeps', count(*) FROM {schema}.runs
