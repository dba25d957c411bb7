-- 0001: all of it. Instants are Unix seconds, dates ISO text; both sort as they should.

CREATE TABLE courses (
    id                  INTEGER PRIMARY KEY,
    name                TEXT    NOT NULL,
    club                TEXT    NOT NULL DEFAULT '',
    city                TEXT    NOT NULL DEFAULT '',
    region              TEXT    NOT NULL DEFAULT '',
    region_id           TEXT    NOT NULL DEFAULT '',
    country             TEXT    NOT NULL DEFAULT '',
    timezone            TEXT    NOT NULL,
    latitude            REAL,
    longitude           REAL,
    engine              TEXT    NOT NULL,
    engine_attributes   TEXT    NOT NULL DEFAULT '{}', -- JSON
    holes               INTEGER NOT NULL DEFAULT 0,    -- 0: unknown
    booking_window_days INTEGER,
    booking_opens_at    INTEGER,                       -- local minute of the day
    currency            TEXT    NOT NULL DEFAULT '',
    booking_url         TEXT    NOT NULL DEFAULT '',
    active              INTEGER NOT NULL DEFAULT 1,
    unknown_sweeps      INTEGER NOT NULL DEFAULT 0,    -- sweeps in a row that could not look
    import_stamp        INTEGER NOT NULL DEFAULT 0     -- which import put it last
);

-- The ledger: one row per tee sheet ever looked at.
CREATE TABLE tee_sheets (
    course_id        INTEGER NOT NULL,
    play_date        TEXT    NOT NULL,
    outcome          TEXT    NOT NULL,             -- the last look
    detail           TEXT    NOT NULL DEFAULT '',
    http_status      INTEGER NOT NULL DEFAULT 0,   -- 0: none
    attempts         INTEGER NOT NULL DEFAULT 0,
    checked_at       INTEGER NOT NULL,
    observed_outcome TEXT,                         -- the last true observation; NULL: never
    observed_at      INTEGER,
    changed_at       INTEGER,                      -- when its tee times last differed
    tee_time_count   INTEGER,
    digest           INTEGER,
    run_id           INTEGER,
    held_digest      INTEGER,                      -- of a look that was held; NULL: none
    PRIMARY KEY (course_id, play_date)
) WITHOUT ROWID;

CREATE INDEX tee_sheets_by_date ON tee_sheets (play_date, course_id);

CREATE TABLE tee_times (
    course_id      INTEGER NOT NULL,
    play_date      TEXT    NOT NULL,
    start_minute   INTEGER NOT NULL,
    holes          INTEGER NOT NULL,               -- 0: unknown
    start_hole     INTEGER NOT NULL,               -- 0: unknown
    routing        TEXT    NOT NULL,               -- '': none
    starts_at      INTEGER NOT NULL,
    party_sizes    INTEGER NOT NULL,               -- bit n-1: a party of n can book
    price_cents    INTEGER,
    currency       TEXT    NOT NULL,
    price_basis    TEXT    NOT NULL,               -- walking, cart, unknown
    cart_fee_cents INTEGER,
    rate_name      TEXT    NOT NULL,
    engine_ref     TEXT    NOT NULL,
    booking_url    TEXT    NOT NULL,
    opened_at      INTEGER NOT NULL,               -- since when it is open: reopening sets it
    changed_at     INTEGER NOT NULL,
    closed_at      INTEGER,
    times_opened   INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (course_id, play_date, start_minute, holes, start_hole, routing)
) WITHOUT ROWID;

CREATE TABLE tee_time_events (
    at           INTEGER NOT NULL,
    course_id    INTEGER NOT NULL,
    play_date    TEXT    NOT NULL,
    start_minute INTEGER NOT NULL,
    holes        INTEGER NOT NULL,
    start_hole   INTEGER NOT NULL,
    routing      TEXT    NOT NULL,
    event        TEXT    NOT NULL,                 -- opened, closed, reopened, players, price
    party_sizes  INTEGER NOT NULL,
    price_cents  INTEGER
);

CREATE INDEX tee_time_events_by_sheet ON tee_time_events (course_id, play_date);

CREATE TABLE runs (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at         INTEGER NOT NULL,
    finished_at        INTEGER,
    host               TEXT    NOT NULL,
    scope              TEXT    NOT NULL,
    options            TEXT    NOT NULL,           -- JSON
    verdict            TEXT,
    planned            INTEGER,
    observed           INTEGER,
    open               INTEGER,
    tee_times          INTEGER,
    requests           INTEGER,
    retries            INTEGER,
    bytes              INTEGER,
    batches            INTEGER,
    failed_batches     INTEGER,
    peak_rss_bytes     INTEGER,
    memory_limit_bytes INTEGER,
    by_outcome         TEXT                        -- JSON
);

CREATE TABLE leases (
    name   TEXT    PRIMARY KEY,
    holder TEXT    NOT NULL,
    until  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE hosts (
    host      TEXT    PRIMARY KEY,
    gap_ms    INTEGER NOT NULL,
    parallel  INTEGER NOT NULL,
    learnt_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Tee times not closed, for people; past ones too.
CREATE VIEW tee_time_list AS
SELECT t.course_id,
       coalesce(c.name, '')                                       AS course_name,
       coalesce(c.club, '')                                       AS club,
       coalesce(c.city, '')                                       AS city,
       coalesce(c.region, '')                                     AS region,
       coalesce(c.timezone, '')                                   AS timezone,
       t.play_date,
       printf('%02d:%02d', t.start_minute / 60, t.start_minute % 60) AS start_time,
       t.starts_at,
       t.holes,
       t.start_hole,
       t.routing,
       substr(iif(t.party_sizes & 1, ',1', '') || iif(t.party_sizes & 2, ',2', '') ||
              iif(t.party_sizes & 4, ',3', '') || iif(t.party_sizes & 8, ',4', '') ||
              iif(t.party_sizes & 16, ',5', '') || iif(t.party_sizes & 32, ',6', '') ||
              iif(t.party_sizes & 64, ',7', '') || iif(t.party_sizes & 128, ',8', ''), 2)
                                                                  AS party_sizes,
       CASE WHEN t.party_sizes >= 128 THEN 8 WHEN t.party_sizes >= 64 THEN 7
            WHEN t.party_sizes >= 32 THEN 6 WHEN t.party_sizes >= 16 THEN 5
            WHEN t.party_sizes >= 8 THEN 4 WHEN t.party_sizes >= 4 THEN 3
            WHEN t.party_sizes >= 2 THEN 2 ELSE t.party_sizes END AS players_max,
       t.price_cents,
       t.currency,
       t.price_basis,
       t.cart_fee_cents,
       t.rate_name,
       t.engine_ref,
       t.booking_url,
       t.opened_at,
       t.changed_at,
       t.times_opened,
       s.observed_at
  FROM tee_times t
  LEFT JOIN courses c ON c.id = t.course_id
  LEFT JOIN tee_sheets s ON s.course_id = t.course_id AND s.play_date = t.play_date
 WHERE t.closed_at IS NULL;

-- The same, active courses and future starts only.
CREATE VIEW open_tee_times AS
SELECT l.*
  FROM tee_time_list l
  JOIN courses c ON c.id = l.course_id
 WHERE c.active = 1
   AND l.starts_at > CAST(strftime('%s', 'now') AS INTEGER);

-- One document per course and date that was ever observed: what older consumers read.
CREATE VIEW course_dates AS
SELECT s.course_id,
       s.play_date AS date,
       (SELECT json_group_array(json_object(
                   'start_time', l.start_time, 'holes', l.holes, 'start_hole', l.start_hole,
                   'routing', l.routing, 'party_sizes', l.party_sizes,
                   'players_max', l.players_max, 'price_cents', l.price_cents,
                   'currency', l.currency, 'price_basis', l.price_basis,
                   'cart_fee_cents', l.cart_fee_cents, 'rate_name', l.rate_name,
                   'booking_url', l.booking_url))
          FROM (SELECT * FROM tee_time_list i
                 WHERE i.course_id = s.course_id AND i.play_date = s.play_date
                 ORDER BY i.start_time, i.holes, i.start_hole, i.routing) l) AS tee_times_data,
       (SELECT count(*) FROM tee_times t
         WHERE t.course_id = s.course_id AND t.play_date = s.play_date
           AND t.closed_at IS NULL)                               AS tee_times_count,
       s.observed_at                                              AS updated_at
  FROM tee_sheets s
 WHERE s.observed_at IS NOT NULL;
