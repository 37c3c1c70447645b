-- How Spectrum is used may be counted where the member agrees: events of a closed set, in closed words and buckets, none of which
-- says what a member wrote or felt (docs/product-events.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- What the member says themselves goes before what their host says in consent_analytics.
ALTER TABLE member ADD COLUMN use_counted boolean; -- nothing until they have said so

-- A partition a month: retention is the only end of many rows at once, and then a month is dropped whole.
CREATE TABLE product_event (
    member_id uuid NOT NULL REFERENCES member,
    day date NOT NULL, -- in UTC
    event_id uuid NOT NULL,
    event smallint NOT NULL, -- its number in domain/product_event.rs, given once
    properties jsonb NOT NULL, -- closed words and small whole numbers
    surface text NOT NULL CHECK (surface IN ('browser', 'webview', 'app')),
    app_version text NOT NULL CHECK (app_version ~ '^[0-9]{1,4}(\.[0-9]{1,4}){0,2}$'),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, day, event_id)
) PARTITION BY RANGE (day);
ALTER TABLE product_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE product_event FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON product_event TO spectrum_web, spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
CREATE POLICY system ON product_event TO spectrum_system USING (true) WITH CHECK (true);

GRANT INSERT ON product_event TO spectrum_web; -- with what a member decides, in the same transaction
GRANT SELECT, INSERT, DELETE ON product_event TO spectrum_worker; -- export, opting out, erasure
GRANT SELECT, INSERT, DELETE ON product_event TO spectrum_system; -- what was seen, of many at once; a host that withdraws

-- Makes the partitions of this month and the two after it. The owner's rights, so that no other role needs DDL.
CREATE FUNCTION ensure_product_event_partitions(today date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    month date;
    name text;
BEGIN
    FOR ahead IN 0..2 LOOP
        month := date_trunc('month', today) + ahead * interval '1 month';
        name := 'product_event_' || to_char(month, 'YYYY_MM');
        IF to_regclass('public.' || name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.product_event FOR VALUES FROM (%L) TO (%L)',
                    name, month, (month + interval '1 month')::date);
                EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
            EXCEPTION WHEN duplicate_table THEN
                NULL; -- made by another process a moment ago
            END;
        END IF;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION ensure_product_event_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_product_event_partitions(date) TO spectrum_worker;

-- Drops the partitions of months that began before that day, and says how many. One that is in use is left for the next time.
CREATE FUNCTION drop_product_event_partitions(before date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET lock_timeout = '2s'
AS $$
DECLARE
    name text;
    dropped integer := 0;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.product_event'::regclass
          AND to_date(substr(c.relname, 15), 'YYYY_MM') < before
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
REVOKE ALL ON FUNCTION drop_product_event_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_product_event_partitions(date) TO spectrum_system;

-- A member as pages and calls need them, now with whether their use may be counted.
DROP FUNCTION caller_of(bytea, timestamptz);
DROP FUNCTION member_of_host(uuid, text);
DROP FUNCTION active_member(uuid);
CREATE FUNCTION active_member(wanted uuid)
    RETURNS TABLE (
        member_id uuid, zone text, week_start text, locale text, plan text, data_version bigint, counted boolean
    )
    LANGUAGE plpgsql VOLATILE SECURITY INVOKER
AS $$
BEGIN
    PERFORM set_config('spectrum.member_id', wanted::text, true);
    RETURN QUERY
        SELECT m.member_id, m.zone, m.week_start, m.locale, m.plan, m.data_version,
               coalesce(m.use_counted, m.consent_analytics)
        FROM member m WHERE m.member_id = wanted AND m.state = 'active';
END
$$;
CREATE FUNCTION caller_of(token bytea, at timestamptz)
    RETURNS TABLE (
        staff_id uuid, roles text[], member_id uuid, zone text, week_start text, locale text, plan text,
        data_version bigint, counted boolean
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
CREATE FUNCTION member_of_host(host uuid, reference text)
    RETURNS TABLE (
        member_id uuid, zone text, week_start text, locale text, plan text, data_version bigint, counted boolean
    )
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

RESET ROLE;
