-- How a host shows its member's pages goes with the link into the sign-in it makes: inside the host's own app or not, in which
-- theme, and how large. And who a cookie belongs to is told with that, and with what of the member's is still to be read: a page
-- counts those sessions, and none of them raises the data version before it is read.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

ALTER TABLE one_time_link
    ADD COLUMN webview boolean NOT NULL DEFAULT false,
    ADD COLUMN theme text NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    ADD COLUMN font_percent smallint NOT NULL DEFAULT 100 CHECK (font_percent BETWEEN 80 AND 200);
ALTER TABLE web_session
    ADD COLUMN webview boolean NOT NULL DEFAULT false,
    ADD COLUMN theme text NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    ADD COLUMN font_percent smallint NOT NULL DEFAULT 100 CHECK (font_percent BETWEEN 80 AND 200);

DROP FUNCTION caller_of(bytea, timestamptz);
CREATE FUNCTION caller_of(token bytea, at timestamptz)
    RETURNS TABLE (
        staff_id uuid, roles text[], member_id uuid, zone text, week_start text, locale text, plan text,
        data_version bigint, counted boolean, webview boolean, theme text, font_percent smallint, unread text
    )
    LANGUAGE plpgsql VOLATILE SECURITY INVOKER
AS $$
BEGIN
    SELECT w.staff_id, w.member_id, w.webview, w.theme, w.font_percent
    INTO staff_id, member_id, webview, theme, font_percent
    FROM web_session w WHERE w.token_hash = token AND w.expires_at > at;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF member_id IS NOT NULL THEN
        SELECT f.zone, f.week_start, f.locale, f.plan, f.data_version, f.counted
        INTO zone, week_start, locale, plan, data_version, counted
        FROM active_member(caller_of.member_id) f;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        -- Few rows, by an index of their own.
        SELECT concat_ws('.', count(*), count(*) FILTER (WHERE s.state = 'open'), extract(epoch FROM max(s.last_event_at)))
        INTO unread
        FROM session s WHERE s.member_id = caller_of.member_id AND s.state IN ('open', 'ended');
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT s.roles INTO roles FROM staff s WHERE s.staff_id = caller_of.staff_id AND s.roles <> '{}';
    IF FOUND THEN
        RETURN NEXT;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION caller_of(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION caller_of(bytea, timestamptz) TO spectrum_web;

RESET ROLE;
