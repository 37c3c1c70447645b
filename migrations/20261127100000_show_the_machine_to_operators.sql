-- The pages of operators show how far erasures have come and in whose name the machine was paused. Of an erasure they see numbers
-- and instants, never whose it was: not the member, and not the hashes that stand for one.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

GRANT SELECT (erasure_id, asked_by, state, requested_at, rows_deleted_at, key_destroyed_at, verified_at, done_at) ON erasure
    TO spectrum_staff;
GRANT SELECT (erasure_id, store, rows_found, rows_deleted, rows_left) ON erasure_store TO spectrum_staff;
GRANT SELECT (number, deed_id, kind, issued_at) ON receipt TO spectrum_staff;
-- A colleague who finds a queue paused asks who did it.
GRANT SELECT (staff_id, email) ON staff TO spectrum_staff;

RESET ROLE;
