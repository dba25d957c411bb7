-- 0002: the shapes of engines' replies, to notice when they change.

CREATE TABLE shapes (
    engine      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,    -- the request: method and path
    fingerprint INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    paths       TEXT    NOT NULL,    -- JSON array of "PATH TYPES[ optional]"
    PRIMARY KEY (engine, kind, fingerprint)
) WITHOUT ROWID;
