-- expose.sql: lets one role read what may be published (PostgREST, Supabase) and nothing else. Needs PostgreSQL 15.
-- Run by the owner of the tables after each `teesheet store migrate`; again does no harm:
--   psql -v ON_ERROR_STOP=1 -v schema=teesheet -v reader=anon -f expose.sql "$DATABASE_URL"
-- A collector that does not own the tables needs BYPASSRLS: PostgreSQL refuses COPY under row-level security.
\if :{?schema}
\else
  \set schema teesheet
\endif
\if :{?reader}
\else
  \set reader anon
\endif
SET client_min_messages = warning;
BEGIN;

ALTER TABLE :"schema".teesheet_schema ENABLE ROW LEVEL SECURITY;
ALTER TABLE :"schema".courses ENABLE ROW LEVEL SECURITY;
ALTER TABLE :"schema".tee_sheets ENABLE ROW LEVEL SECURITY;
ALTER TABLE :"schema".tee_times ENABLE ROW LEVEL SECURITY;
ALTER TABLE :"schema".tee_time_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE :"schema".runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE :"schema".leases ENABLE ROW LEVEL SECURITY;
ALTER TABLE :"schema".hosts ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS published ON :"schema".courses;
DROP POLICY IF EXISTS published ON :"schema".tee_sheets;
DROP POLICY IF EXISTS published ON :"schema".tee_times;
CREATE POLICY published ON :"schema".courses FOR SELECT TO :"reader" USING (active);
CREATE POLICY published ON :"schema".tee_sheets FOR SELECT TO :"reader" USING (observed_at IS NOT NULL);
CREATE POLICY published ON :"schema".tee_times FOR SELECT TO :"reader" USING (closed_at IS NULL);

-- A view reads with the rights of whoever asks, so that the policies above hold through it.
ALTER VIEW :"schema".tee_time_list SET (security_invoker = true);
ALTER VIEW :"schema".open_tee_times SET (security_invoker = true);
ALTER VIEW :"schema".course_dates SET (security_invoker = true);

-- What default privileges may have given (Supabase's do), and then by column what is wanted.
REVOKE ALL ON ALL TABLES IN SCHEMA :"schema" FROM :"reader";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA :"schema" FROM :"reader";
GRANT USAGE ON SCHEMA :"schema" TO :"reader";
GRANT SELECT (id, name, club, city, region, country, timezone, latitude, longitude, holes, booking_url, active)
   ON :"schema".courses TO :"reader";
GRANT SELECT (course_id, play_date, observed_at, tee_time_count) ON :"schema".tee_sheets TO :"reader";
GRANT SELECT ON :"schema".tee_times, :"schema".tee_time_list, :"schema".open_tee_times, :"schema".course_dates
   TO :"reader";

COMMIT;
