-- 0003: the regions and engines of a sweep that were not observed as a whole.

ALTER TABLE runs ADD COLUMN worst TEXT;    -- the worst first, for people; '' = none
