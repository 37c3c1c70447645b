-- Once a week a member is called to what was told of the week that has ended, on the devices they have said, at an hour of theirs:
-- a push holds a week's name and nothing of what is told (docs/push.md).

-- Who sends opens addresses with members' keys, so it is a duty of its own: it reads no session, no measure and no word.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spectrum_push') THEN
        BEGIN
            CREATE ROLE spectrum_push NOLOGIN NOINHERIT;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- made by another migration a moment ago
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'spectrum_push', 'MEMBER') THEN
        EXECUTE format('GRANT spectrum_push TO %I', current_user);
    END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO spectrum_push;
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE device (
    member_id uuid NOT NULL REFERENCES member,
    device_id uuid NOT NULL, -- the installation's own name
    platform text NOT NULL CHECK (platform IN ('ios', 'android', 'web')),
    channel text NOT NULL CHECK (channel IN ('apns', 'fcm', 'web_push')),
    address_kind text NOT NULL CHECK (address_kind IN ('apns_token', 'fcm_token', 'fcm_fid', 'web_push')),
    environment text NOT NULL CHECK (environment IN ('production', 'sandbox')),
    address bytea NOT NULL, -- sealed under the member's key
    nonce bytea NOT NULL,
    key_version smallint NOT NULL,
    address_hash bytea NOT NULL, -- keyed
    app_version text,
    locale text,
    registered_at timestamptz NOT NULL, -- when the device last said that this is its address
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, device_id)
);
CREATE INDEX device_seen ON device (seen_at);

-- Whose an address is now: a phone that another member signs in on is theirs from then on, and the one before is pushed nothing there.
CREATE TABLE device_address (
    address_hash bytea PRIMARY KEY,
    member_id uuid NOT NULL,
    device_id uuid NOT NULL
);
CREATE INDEX device_address_member ON device_address (member_id);

-- What a host has decided for its members who have not said otherwise.
CREATE TABLE push_default (
    host_id uuid NOT NULL REFERENCES host,
    kind text NOT NULL CHECK (kind = 'weekly'),
    wanted boolean NOT NULL,
    day text CHECK (day IN ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')),
    hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    quiet_from smallint NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until smallint NOT NULL CHECK (quiet_until BETWEEN 0 AND 23),
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (host_id, kind)
);

-- What a member has said; where a column is empty, their host's word holds.
CREATE TABLE push_preference (
    member_id uuid NOT NULL REFERENCES member,
    kind text NOT NULL CHECK (kind = 'weekly'),
    apns boolean,
    fcm boolean,
    web_push boolean,
    day text CHECK (day IN ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')),
    hour smallint CHECK (hour BETWEEN 0 AND 23),
    quiet_from smallint CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until smallint CHECK (quiet_until BETWEEN 0 AND 23),
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, kind),
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);

-- What is to be sent, was, or was not and why: one row a member, week and device, written with the week's cards.
CREATE TABLE push_outbox (
    member_id uuid NOT NULL REFERENCES member,
    delivery_id uuid NOT NULL, -- follows from member, week and device: the same in every try
    kind text NOT NULL CHECK (kind IN ('weekly', 'test')),
    period date NOT NULL, -- first day of the week; of a test the day
    device_id uuid NOT NULL,
    channel text NOT NULL CHECK (channel IN ('apns', 'fcm', 'web_push')),
    state text NOT NULL CHECK (state IN ('waiting', 'sent', 'dropped')),
    reason text, -- why it was dropped
    due_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL, -- when it is next tried; while somebody tries, until when they have it
    expires_at timestamptz NOT NULL, -- the end of its local day
    tries smallint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    opened_at timestamptz, -- a tap led to the page, where the member agrees to its being counted
    PRIMARY KEY (member_id, delivery_id),
    CHECK ((state = 'dropped') = (reason IS NOT NULL)),
    CHECK ((state = 'waiting') = (settled_at IS NULL))
) WITH (fillfactor = 70);
CREATE INDEX push_outbox_next ON push_outbox (channel, next_at) WHERE state = 'waiting';
CREATE INDEX push_outbox_delivery ON push_outbox (delivery_id);
CREATE INDEX push_outbox_settled ON push_outbox (settled_at);

-- Every try, with what the provider said.
CREATE TABLE push_attempt (
    member_id uuid NOT NULL REFERENCES member,
    delivery_id uuid NOT NULL,
    try smallint NOT NULL,
    channel text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('delivered', 'gone', 'retry', 'unknown', 'misconfigured', 'refused')),
    reason text NOT NULL, -- a closed word
    status smallint,
    provider_id text,
    took_ms integer NOT NULL,
    late_ms bigint NOT NULL, -- after it was due
    at timestamptz NOT NULL,
    PRIMARY KEY (member_id, delivery_id, try)
);
CREATE INDEX push_attempt_at ON push_attempt (at);

-- The channels, whether they are open, and how their newest answers were: what stops a mistake of ours from taking every device.
CREATE TABLE push_channel (
    channel text PRIMARY KEY CHECK (channel IN ('apns', 'fcm', 'web_push')),
    paused boolean NOT NULL DEFAULT false,
    reason text,
    paused_by text,
    paused_at timestamptz,
    answers integer NOT NULL DEFAULT 0,
    delivered integer NOT NULL DEFAULT 0,
    gone integer NOT NULL DEFAULT 0,
    doubtful integer NOT NULL DEFAULT 0, -- the address, or our own settings
    misconfigured integer NOT NULL DEFAULT 0
);
INSERT INTO push_channel (channel) VALUES ('apns'), ('fcm'), ('web_push');

-- When the member read what was told of a period: who has read a week is not called to it.
ALTER TABLE edition ADD COLUMN opened_at timestamptz;

-- A queue of its own: a provider that hangs keeps no sums waiting.
CREATE TABLE job_push PARTITION OF job FOR VALUES IN ('push') WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['device', 'push_preference', 'push_outbox', 'push_attempt'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format($policy$
            CREATE POLICY own ON %I TO spectrum_web, spectrum_worker
                USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
                WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
            $policy$, owned);
        EXECUTE format('CREATE POLICY system ON %I TO spectrum_system USING (true) WITH CHECK (true)', owned);
        EXECUTE format('CREATE POLICY push ON %I TO spectrum_push USING (true) WITH CHECK (true)', owned);
    END LOOP;
    FOREACH owned IN ARRAY ARRAY['member', 'member_key', 'edition', 'week_rollup'] LOOP
        EXECUTE format('CREATE POLICY push ON %I TO spectrum_push USING (true) WITH CHECK (true)', owned);
    END LOOP;
END
$$;

-- Sending: addresses, when and whether; of what is told only that it is there, and on how many sessions it rests.
GRANT SELECT (member_id, host_id, zone, week_start, locale, state, use_counted, consent_analytics) ON member TO spectrum_push;
GRANT SELECT ON member_key, push_preference, push_default TO spectrum_push;
GRANT SELECT (member_id, grain, period, flagged, opened_at) ON edition TO spectrum_push;
GRANT SELECT (member_id, period, sessions, days) ON week_rollup TO spectrum_push;
GRANT SELECT, INSERT, UPDATE, DELETE ON device, device_address TO spectrum_push;
GRANT SELECT, INSERT, UPDATE ON push_outbox TO spectrum_push;
GRANT SELECT, UPDATE ON push_channel TO spectrum_push;
GRANT SELECT, INSERT ON push_attempt TO spectrum_push;
GRANT USAGE ON SEQUENCE job_id_seq TO spectrum_push;
GRANT SELECT, INSERT ON job TO spectrum_push;
GRANT SELECT, INSERT ON job_key TO spectrum_push;
GRANT SELECT ON job_dead TO spectrum_push;
-- Planning, with a week's cards: for many, or for one whose sessions came late.
GRANT SELECT (member_id, device_id, channel) ON device TO spectrum_system, spectrum_worker, spectrum_web;
GRANT SELECT ON push_preference, push_default TO spectrum_system, spectrum_worker, spectrum_web;
GRANT SELECT, INSERT ON push_outbox TO spectrum_system, spectrum_worker, spectrum_web;
-- A zone, an hour or a week that was read: what waits is due at another time, or not at all.
GRANT UPDATE (state, reason, due_at, next_at, expires_at, settled_at) ON push_outbox TO spectrum_system, spectrum_web, spectrum_worker;
GRANT UPDATE (opened_at) ON push_outbox, edition TO spectrum_system;
-- Settings.
GRANT SELECT (member_id, device_id, platform, channel, address_kind, environment, app_version, locale, registered_at, seen_at)
    ON device TO spectrum_web;
GRANT INSERT, UPDATE ON push_preference TO spectrum_web;
GRANT SELECT, INSERT, UPDATE ON push_default TO spectrum_web;
GRANT SELECT ON push_attempt TO spectrum_web;
-- Export and erasure; retention.
GRANT SELECT, DELETE ON device, device_address, push_preference, push_outbox, push_attempt TO spectrum_worker;
GRANT DELETE ON device, device_address, push_outbox, push_attempt TO spectrum_system;
GRANT SELECT (seen_at) ON device TO spectrum_system;
GRANT SELECT ON push_attempt, device_address TO spectrum_system;

RESET ROLE;
