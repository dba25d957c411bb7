-- 0002: the shapes of engines' replies, to notice when they change.

CREATE TABLE {schema}.shapes (
    engine      text        NOT NULL,
    kind        text        NOT NULL,    -- the request: method and path
    fingerprint bigint      NOT NULL,
    first_seen  timestamptz NOT NULL,
    paths       json        NOT NULL,    -- array of "PATH TYPES[ optional]"
    PRIMARY KEY (engine, kind, fingerprint)
);
REVOKE ALL ON {schema}.shapes FROM PUBLIC;
