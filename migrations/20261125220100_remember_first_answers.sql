-- The first answer to a request that came with an `Idempotency-Key`, so that the same request sent again is answered the
-- same and does nothing twice, whichever process it reaches. Kept for a day. Who called, the key and the request are in
-- the fingerprints, which are keyed: a body may hold text. The answers themselves hold counts, ids and problems, no words of
-- a member's; an answer that carries a secret is not written here.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE idempotency_key (
    key_hash bytea PRIMARY KEY,
    member_id uuid, -- who called, where that was a member: for erasure
    request bytea NOT NULL,
    attempt uuid NOT NULL, -- who is at it: one that was given up and comes back late keeps nothing
    leased_until timestamptz NOT NULL,
    done boolean NOT NULL DEFAULT false,
    status smallint, -- none where the answer is not kept
    content_type text,
    location text,
    body bytea,
    created_at timestamptz NOT NULL,
    CHECK (done OR status IS NULL),
    CHECK ((status IS NULL) = (body IS NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX idempotency_key_member ON idempotency_key (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO spectrum_web;
GRANT SELECT (member_id), DELETE ON idempotency_key TO spectrum_worker; -- erasure
GRANT SELECT (key_hash, created_at), DELETE ON idempotency_key TO spectrum_system; -- retention

RESET ROLE;
