-- The member and the key their text is sealed under. Every member-owned table is led by member_id and closed by
-- row-level security that fails closed: without a member in the transaction there are no rows.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE member (
    member_id uuid PRIMARY KEY,
    host_id uuid NOT NULL REFERENCES host,
    external_ref text NOT NULL,
    zone text NOT NULL,
    week_start text NOT NULL DEFAULT 'monday'
        CHECK (week_start IN ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')),
    locale text NOT NULL DEFAULT 'en',
    plan text NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'paid')),
    consent_analysis boolean NOT NULL,
    consent_model boolean NOT NULL, -- findings, which hold no text, may be rephrased by a model
    consent_outside boolean NOT NULL DEFAULT false, -- text may be read by a model outside
    consent_analytics boolean NOT NULL,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'erasing')),
    data_version bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX member_calendar ON member (zone, week_start, member_id); -- whose week ends when

-- The way from a host's reference to a member: the one unique key that member_id does not lead, so it is a table of its own.
CREATE TABLE member_lookup (
    host_id uuid NOT NULL,
    external_ref text NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (host_id, external_ref)
);

CREATE TABLE member_key (
    member_id uuid NOT NULL REFERENCES member,
    version smallint NOT NULL,
    wrapped bytea NOT NULL,
    master_key_id text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, version)
);

-- The policy of every member table: the member of the transaction, or nothing. After a finished SET LOCAL the setting is
-- '' and not NULL. Written out in each policy: a function would be read and inlined anew in every plan, which was measured
-- to cost more than the query itself.
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
ALTER TABLE member FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON member TO spectrum_web, spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
CREATE POLICY ingest ON member TO spectrum_ingest USING (true) WITH CHECK (true);
-- What is done for many members at once: it sees their figures, never their text and never their keys.
CREATE POLICY system ON member TO spectrum_system USING (true) WITH CHECK (true);

ALTER TABLE member_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON member_key TO spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
CREATE POLICY ingest ON member_key TO spectrum_ingest USING (true) WITH CHECK (true);

GRANT SELECT, UPDATE ON member TO spectrum_web, spectrum_worker, spectrum_system;
GRANT SELECT, INSERT, UPDATE ON member TO spectrum_ingest;
GRANT SELECT, INSERT ON member_lookup TO spectrum_ingest;
GRANT SELECT ON member_lookup TO spectrum_web, spectrum_worker;
-- Erasure: of the member that the transaction carries.
GRANT DELETE ON member, member_lookup TO spectrum_worker;
GRANT SELECT, DELETE ON member_key TO spectrum_worker;
GRANT SELECT, INSERT ON member_key TO spectrum_ingest;

-- Who comes with a cookie, in one round trip: whose it is, and then that member's row as that member. It runs with the
-- caller's own rights, so row-level security holds inside it; the scope ends with the statement.
CREATE FUNCTION caller_of(token bytea, at timestamptz)
    RETURNS TABLE (
        staff_id uuid, member_id uuid, zone text, week_start text, locale text, plan text, data_version bigint
    )
    LANGUAGE plpgsql VOLATILE SECURITY INVOKER
AS $$
BEGIN
    SELECT w.staff_id, w.member_id INTO staff_id, member_id
    FROM web_session w WHERE w.token_hash = token AND w.expires_at > at;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF member_id IS NOT NULL THEN
        PERFORM set_config('spectrum.member_id', member_id::text, true);
        SELECT m.zone, m.week_start, m.locale, m.plan, m.data_version INTO zone, week_start, locale, plan, data_version
        FROM member m WHERE m.member_id = caller_of.member_id AND m.state = 'active';
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION caller_of(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION caller_of(bytea, timestamptz) TO spectrum_web;

RESET ROLE;
