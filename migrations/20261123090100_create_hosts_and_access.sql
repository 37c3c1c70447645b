-- Who may come in: host services by key, members and staff by one-time link and cookie. Only hashes of secrets are kept.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE host (
    host_id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

CREATE TABLE host_key (
    key_hash bytea PRIMARY KEY,
    host_id uuid NOT NULL REFERENCES host,
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE staff (
    staff_id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

CREATE TABLE one_time_link (
    code_hash bytea PRIMARY KEY,
    member_id uuid,
    staff_id uuid,
    destination text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CHECK ((member_id IS NULL) <> (staff_id IS NULL))
);
CREATE INDEX one_time_link_member ON one_time_link (member_id) WHERE member_id IS NOT NULL;

CREATE TABLE web_session (
    token_hash bytea PRIMARY KEY,
    member_id uuid,
    staff_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK ((member_id IS NULL) <> (staff_id IS NULL))
);
CREATE INDEX web_session_member ON web_session (member_id) WHERE member_id IS NOT NULL;

GRANT SELECT ON host_key, staff TO spectrum_web, spectrum_ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_link, web_session TO spectrum_web;
GRANT SELECT (member_id), DELETE ON one_time_link, web_session TO spectrum_worker; -- erasure
GRANT SELECT (expires_at), DELETE ON one_time_link, web_session TO spectrum_system; -- retention

RESET ROLE;
