-- A member may choose the language they are written to in. What the host says of their language is kept beside it, so that the
-- choice can be taken back; where nothing is kept, `locale` is the host's.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

ALTER TABLE member ADD COLUMN host_locale text;

RESET ROLE;
