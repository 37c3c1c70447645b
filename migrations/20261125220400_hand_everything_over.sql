-- A member can take along everything that is held about them. What was gathered lies sealed under their own key for a day;
-- their words are not among it: those stay in turn_text alone and are opened while the archive is handed out.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE export (
    member_id uuid NOT NULL REFERENCES member,
    export_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('gathering', 'ready')),
    asked_at timestamptz NOT NULL,
    ready_at timestamptz,
    expires_at timestamptz,
    bytes bigint NOT NULL DEFAULT 0, -- of all files before they are packed
    version bigint, -- the member's data version that it shows
    PRIMARY KEY (member_id, export_id),
    CHECK ((state = 'ready') = (ready_at IS NOT NULL AND expires_at IS NOT NULL AND version IS NOT NULL))
);
CREATE UNIQUE INDEX export_one ON export (member_id); -- a new one takes the place of the one before
CREATE INDEX export_expiry ON export (expires_at);

-- Parts go with their export by the foreign key, so that retention needs no right on what is sealed.
CREATE TABLE export_part (
    member_id uuid NOT NULL,
    export_id uuid NOT NULL,
    part integer NOT NULL,
    file text NOT NULL, -- in the archive
    ciphertext bytea NOT NULL,
    nonce bytea NOT NULL,
    key_version smallint NOT NULL,
    PRIMARY KEY (member_id, export_id, part),
    FOREIGN KEY (member_id, export_id) REFERENCES export ON DELETE CASCADE
);
ALTER TABLE export_part ALTER COLUMN ciphertext SET STORAGE EXTERNAL; -- sealed bytes don't compress

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['export', 'export_part'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format($policy$
            CREATE POLICY own ON %I TO spectrum_web, spectrum_worker
                USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
                WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
            $policy$, owned);
    END LOOP;
END
$$;
CREATE POLICY system ON export TO spectrum_system USING (true) WITH CHECK (true);

GRANT SELECT ON export TO spectrum_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON export TO spectrum_worker;
GRANT SELECT, DELETE ON export TO spectrum_system; -- retention
GRANT SELECT, INSERT, DELETE ON export_part TO spectrum_worker;

RESET ROLE;
