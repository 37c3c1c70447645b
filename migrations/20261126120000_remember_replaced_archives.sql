-- An archive that gave way to a newer one is remembered by its number for the rest of its day, so that whoever asks for it is told
-- that and not that it never was. Its parts are gone at once.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

ALTER TABLE export DROP CONSTRAINT export_state_check;
ALTER TABLE export ADD CONSTRAINT export_state_check CHECK (state IN ('gathering', 'ready', 'replaced'));
DROP INDEX export_one;
CREATE UNIQUE INDEX export_one ON export (member_id) WHERE state <> 'replaced'; -- one at a time

RESET ROLE;
