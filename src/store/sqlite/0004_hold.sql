-- 0004: until when a host asked to be left alone (Retry-After), for whoever asks it next.

ALTER TABLE hosts ADD COLUMN hold_until INTEGER;
