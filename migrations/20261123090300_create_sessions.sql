-- What hosts send. Sealed text lives apart from the turn's numbers, in daily partitions of the day it was *received*, so
-- that retention drops whole partitions to the day and never has to touch a turn (docs/partitions.md has the figures).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE session (
    member_id uuid NOT NULL REFERENCES member,
    session_id uuid NOT NULL,
    external_ref text NOT NULL,
    feature text NOT NULL CHECK (feature IN ('mirror', 'turn', 'lens')),
    started_at timestamptz NOT NULL,
    start_known boolean NOT NULL,
    ended_at timestamptz,
    zone text NOT NULL,
    local_date date NOT NULL,
    local_minute smallint NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'ended', 'analysed', 'withheld', 'unmeasured')),
    excluded boolean NOT NULL DEFAULT false,
    input_version integer NOT NULL DEFAULT 0,
    vector_revision integer,
    why_not text CHECK (why_not IN ('no_words', 'language', 'not_prose', 'text_gone')), -- of an unmeasured session
    crisis boolean NOT NULL DEFAULT false, -- once flagged it feeds nothing, also while it is read again
    model text, -- that read it last, whether it measured or not
    member_turns integer NOT NULL,
    assistant_turns integer NOT NULL,
    words integer NOT NULL,
    received_at timestamptz NOT NULL,
    last_event_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, session_id)
) WITH (fillfactor = 85);
CREATE INDEX session_day ON session (member_id, local_date);
-- What is still to be closed or read: few rows, and what the daily reconciliation looks for.
CREATE INDEX session_unread ON session (member_id) WHERE state IN ('open', 'ended');

CREATE TABLE turn (
    member_id uuid NOT NULL,
    session_id uuid NOT NULL,
    index integer NOT NULL,
    role text NOT NULL CHECK (role IN ('member', 'assistant')),
    occurred_at timestamptz NOT NULL,
    words integer NOT NULL,
    language text, -- ISO 639-3, once it was read; none where it is too short to tell
    received_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, session_id, index),
    FOREIGN KEY (member_id, session_id) REFERENCES session
) WITH (fillfactor = 90); -- room for the language, which is written once

CREATE TABLE turn_text (
    member_id uuid NOT NULL,
    session_id uuid NOT NULL,
    index integer NOT NULL,
    received_on date NOT NULL,
    ciphertext bytea NOT NULL,
    nonce bytea NOT NULL,
    key_version smallint NOT NULL,
    PRIMARY KEY (member_id, session_id, index, received_on),
    FOREIGN KEY (member_id, session_id) REFERENCES session
) PARTITION BY RANGE (received_on);
ALTER TABLE turn_text ALTER COLUMN ciphertext SET STORAGE EXTERNAL; -- sealed bytes don't compress

-- Receipts of a month can't be dropped whole: the same event may come again on the other side of a month's end, and the
-- key that finds it must not hold the time. So this table is flat, and a BRIN index serves the purge.
CREATE TABLE event_receipt (
    member_id uuid NOT NULL REFERENCES member,
    event_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, event_id)
);
CREATE INDEX event_receipt_age ON event_receipt USING brin (received_at);

-- Makes the partitions of a day and the six after it. The owner's rights, so that no other role needs DDL.
CREATE FUNCTION ensure_turn_text_partitions(today date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    day date;
    name text;
BEGIN
    FOR ahead IN 0..6 LOOP
        day := today + ahead;
        name := 'turn_text_' || to_char(day, 'YYYY_MM_DD');
        IF to_regclass('public.' || name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.turn_text FOR VALUES FROM (%L) TO (%L)',
                    name, day, day + 1);
                EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY,
                    ALTER COLUMN ciphertext SET STORAGE EXTERNAL', name);
            EXCEPTION WHEN duplicate_table THEN
                NULL; -- made by another process a moment ago
            END;
        END IF;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION ensure_turn_text_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_turn_text_partitions(date) TO spectrum_ingest, spectrum_worker;

-- Drops the partitions of the days before that day, and says how many. One that is being read is left for the next time:
-- what waits for the lock makes every reader after it wait too.
CREATE FUNCTION drop_turn_text_partitions(before date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET lock_timeout = '2s'
AS $$
DECLARE
    name text;
    dropped integer := 0;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.turn_text'::regclass
          AND to_date(substr(c.relname, 11), 'YYYY_MM_DD') < before
        ORDER BY 1
    LOOP
        BEGIN
            EXECUTE format('DROP TABLE public.%I', name);
            dropped := dropped + 1;
        EXCEPTION WHEN lock_not_available THEN
            RETURN dropped;
        END;
    END LOOP;
    RETURN dropped;
END
$$;
REVOKE ALL ON FUNCTION drop_turn_text_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_turn_text_partitions(date) TO spectrum_system;

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['session', 'turn', 'turn_text', 'event_receipt'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY ingest ON %I TO spectrum_ingest USING (true) WITH CHECK (true)', owned);
        EXECUTE format($policy$
            CREATE POLICY own ON %I TO spectrum_web, spectrum_worker
                USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
                WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
            $policy$, owned);
    END LOOP;
END
$$;

CREATE POLICY system ON session TO spectrum_system USING (true) WITH CHECK (true);

GRANT SELECT ON session TO spectrum_system;
-- Retention drops receipts by their age, erasure everything of one member.
CREATE POLICY system ON event_receipt TO spectrum_system USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON event_receipt TO spectrum_system;
GRANT DELETE ON session, turn, turn_text, event_receipt TO spectrum_worker;
GRANT SELECT ON event_receipt TO spectrum_worker;
GRANT SELECT, UPDATE ON session TO spectrum_web, spectrum_worker;
GRANT SELECT, INSERT, UPDATE ON session TO spectrum_ingest;
GRANT SELECT, UPDATE ON turn TO spectrum_worker;
GRANT SELECT, INSERT ON turn TO spectrum_ingest;
-- PRIVACY: ingestion can put text in and never read it; the web role can do neither.
GRANT SELECT ON turn_text TO spectrum_worker;
GRANT INSERT ON turn_text TO spectrum_ingest;
GRANT SELECT, INSERT, DELETE ON event_receipt TO spectrum_ingest;

RESET ROLE;
