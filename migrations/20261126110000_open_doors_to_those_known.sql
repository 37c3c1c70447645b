-- Who is let in, beyond links: hosts by keys that have a purpose and an end and may be bound to signed requests, members by a
-- token of their host's, and the team by a provider of identities, each with roles (docs/access.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- A key is named by an id that is no secret, so that it can be spoken of, replaced and revoked. Keys from before may do what
-- they could.
ALTER TABLE host_key
    ADD COLUMN key_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN scopes text[] NOT NULL DEFAULT '{events,members,erasure}'
        CHECK (cardinality(scopes) > 0 AND scopes <@ '{events,members,erasure}'),
    ADD COLUMN signed boolean NOT NULL DEFAULT false, -- requests must be signed
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN last_used_at timestamptz; -- to the quarter of an hour
ALTER TABLE host_key ALTER COLUMN key_id DROP DEFAULT, ALTER COLUMN scopes DROP DEFAULT, ALTER COLUMN signed DROP DEFAULT;
CREATE INDEX host_key_host ON host_key (host_id);

-- Signed requests that were taken, for as long as their time counts: one that is sent again by somebody else is refused.
CREATE TABLE used_nonce (
    key_id uuid NOT NULL,
    nonce text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (key_id, nonce)
);

-- Whose tokens members may come with: the issuer, whom the tokens are for, and the keys that sign them or where these are.
CREATE TABLE host_issuer (
    issuer text PRIMARY KEY,
    host_id uuid NOT NULL REFERENCES host,
    audience text NOT NULL,
    key_set_url text,
    key_set jsonb,
    created_at timestamptz NOT NULL,
    CHECK ((key_set_url IS NULL) <> (key_set IS NULL))
);

-- A person of the team is let in by roles; the first sign-in binds them to the account at the provider.
ALTER TABLE staff
    ADD COLUMN roles text[] NOT NULL DEFAULT '{}' CHECK (roles <@ '{analyst,reviewer,operator}'),
    ADD COLUMN issuer text,
    ADD COLUMN subject text,
    ADD CONSTRAINT staff_account UNIQUE (issuer, subject),
    ADD CONSTRAINT staff_account_whole CHECK ((issuer IS NULL) = (subject IS NULL));
UPDATE staff SET roles = '{operator}'; -- there was one page, and it was theirs
ALTER TABLE staff ALTER COLUMN roles DROP DEFAULT;
CREATE INDEX web_session_staff ON web_session (staff_id) WHERE staff_id IS NOT NULL;

-- A member as pages and calls need them, if they are neither gone nor going.
CREATE FUNCTION active_member(wanted uuid)
    RETURNS TABLE (member_id uuid, zone text, week_start text, locale text, plan text, data_version bigint)
    LANGUAGE plpgsql VOLATILE SECURITY INVOKER
AS $$
BEGIN
    PERFORM set_config('spectrum.member_id', wanted::text, true);
    RETURN QUERY
        SELECT m.member_id, m.zone, m.week_start, m.locale, m.plan, m.data_version
        FROM member m WHERE m.member_id = wanted AND m.state = 'active';
END
$$;

-- Who a cookie belongs to, now with the roles of staff: whoever has none any more is nobody.
DROP FUNCTION caller_of(bytea, timestamptz);
CREATE FUNCTION caller_of(token bytea, at timestamptz)
    RETURNS TABLE (
        staff_id uuid, roles text[], member_id uuid, zone text, week_start text, locale text, plan text,
        data_version bigint
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
        RETURN QUERY SELECT NULL::uuid, NULL::text[], f.* FROM active_member(member_id) f;
        RETURN;
    END IF;
    SELECT s.roles INTO roles FROM staff s WHERE s.staff_id = caller_of.staff_id AND s.roles <> '{}';
    IF FOUND THEN
        RETURN NEXT;
    END IF;
END
$$;

-- The member whom a host's token means: one round trip.
CREATE FUNCTION member_of_host(host uuid, reference text)
    RETURNS TABLE (member_id uuid, zone text, week_start text, locale text, plan text, data_version bigint)
    LANGUAGE plpgsql VOLATILE SECURITY INVOKER
AS $$
DECLARE
    wanted uuid;
BEGIN
    SELECT l.member_id INTO wanted FROM member_lookup l WHERE l.host_id = host AND l.external_ref = reference;
    IF FOUND THEN
        RETURN QUERY SELECT * FROM active_member(wanted);
    END IF;
END
$$;

REVOKE ALL ON FUNCTION caller_of(bytea, timestamptz), active_member(uuid), member_of_host(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION caller_of(bytea, timestamptz), active_member(uuid), member_of_host(uuid, text) TO spectrum_web;

GRANT UPDATE (last_used_at) ON host_key TO spectrum_web;
GRANT SELECT ON host_issuer TO spectrum_web;
GRANT SELECT, INSERT ON used_nonce TO spectrum_web;
GRANT SELECT, DELETE ON used_nonce TO spectrum_system; -- retention
GRANT UPDATE (issuer, subject) ON staff TO spectrum_web; -- the first sign-in

RESET ROLE;
