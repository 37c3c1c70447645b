-- Erasure that can be shown: how far each has come, what was found and deleted, a signed receipt, a tombstone that a restored
-- backup is held against, and a record of who did what. Of a member only keyed hashes stay (docs/erasure.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE erasure (
    erasure_id uuid PRIMARY KEY,
    member_id uuid UNIQUE, -- while it is under way, and no longer
    host_id uuid NOT NULL, -- which may be missing where a backup was restored
    member_hash bytea NOT NULL,
    reference_hash bytea NOT NULL,
    asked_by text NOT NULL CHECK (asked_by IN ('member', 'host', 'operator', 'restore')),
    state text NOT NULL CHECK (state IN ('requested', 'rows_deleted', 'key_destroyed', 'verified', 'done')),
    keys bytea[] NOT NULL DEFAULT '{}', -- fingerprints of the keys that were destroyed
    requested_at timestamptz NOT NULL,
    rows_deleted_at timestamptz,
    key_destroyed_at timestamptz,
    verified_at timestamptz,
    done_at timestamptz,
    CHECK ((state = 'done') = (member_id IS NULL))
);
CREATE INDEX erasure_open ON erasure (requested_at) WHERE state <> 'done';

-- What an erasure found in each place, deleted there, and found there afterwards.
CREATE TABLE erasure_store (
    erasure_id uuid NOT NULL REFERENCES erasure,
    store text NOT NULL,
    rows_found bigint NOT NULL,
    rows_deleted bigint NOT NULL,
    rows_left bigint,
    commitment bytea, -- keyed, over the rows as they were before
    PRIMARY KEY (erasure_id, store)
);

-- Who was erased, so that a backup from before gives nobody back.
CREATE TABLE tombstone (
    member_hash bytea PRIMARY KEY,
    reference_hash bytea NOT NULL,
    erased_at timestamptz NOT NULL
);
CREATE INDEX tombstone_reference ON tombstone (reference_hash);

-- Receipts, each with the hash of the one before it. The body is what was signed, to the byte.
CREATE TABLE receipt (
    number bigint PRIMARY KEY,
    deed_id uuid NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('erasure', 'reset')),
    body text NOT NULL,
    signature bytea NOT NULL,
    issued_at timestamptz NOT NULL
);

-- Who looked and what was done: no text, so that nothing can be said in it. Numbers stand for words that
-- domain/src/audit.rs lists. Time goes with the place of a row, so a BRIN index finds what is old.
CREATE TABLE audit (
    at timestamptz NOT NULL,
    actor smallint NOT NULL,
    actor_id uuid, -- a host or a person of the team; never a member
    verb smallint NOT NULL,
    member_hash bytea,
    count bigint NOT NULL
);
CREATE INDEX audit_age ON audit USING brin (at);
CREATE INDEX audit_member ON audit (member_hash, at) WHERE member_hash IS NOT NULL;

-- Whether anything leads to a member any more is asked by the member.
CREATE INDEX member_lookup_member ON member_lookup (member_id);

GRANT SELECT, INSERT, UPDATE ON erasure, erasure_store TO spectrum_worker;
GRANT SELECT, INSERT ON receipt, tombstone TO spectrum_worker;
GRANT SELECT ON erasure, receipt TO spectrum_web; -- the member's page and the host's question
GRANT INSERT ON audit TO spectrum_web, spectrum_ingest, spectrum_worker, spectrum_system, spectrum_staff;
GRANT SELECT ON audit TO spectrum_web; -- the member's own page, by their keyed hash
GRANT SELECT, DELETE ON audit TO spectrum_system; -- retention
GRANT SELECT ON tombstone TO spectrum_system; -- who of those here was erased
GRANT UPDATE ON member_key TO spectrum_ingest; -- wrapped anew under another master key

RESET ROLE;
