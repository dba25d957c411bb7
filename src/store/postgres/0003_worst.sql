-- 0003: the regions and engines of a sweep that were not observed as a whole.

ALTER TABLE {schema}.runs ADD COLUMN worst text;    -- the worst first, for people; '' = none
