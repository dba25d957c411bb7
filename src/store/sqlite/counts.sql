SELECT 'courses', count(*) FROM courses
UNION ALL SELECT 'active courses', count(*) FROM courses WHERE active = 1
UNION ALL SELECT 'tee sheets', count(*) FROM tee_sheets
UNION ALL SELECT 'tee times', count(*) FROM tee_times
UNION ALL SELECT 'tee times not closed', count(*) FROM tee_times WHERE closed_at IS NULL
UNION ALL SELECT 'events', count(*) FROM tee_time_events
UNION ALL SELECT 'sweeps', count(*) FROM runs
