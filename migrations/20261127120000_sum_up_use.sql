-- The team judges the product by sums of what is counted, by day, week and month: a page reads some hundred rows whatever the
-- number of members, nobody is named in them, and they stay when the events they are of have been let go.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- The day of the member's first counted event: the cohort they belong to. Nothing of who does not agree.
ALTER TABLE member ADD COLUMN first_used_on date;

CREATE TABLE use_sum (
    grain text NOT NULL CHECK (grain IN ('day', 'week', 'month')),
    period date NOT NULL, -- its first day, in UTC; weeks begin on Monday
    event smallint NOT NULL, -- its number, 0 for anything that a member does
    segment text NOT NULL CHECK (segment IN ('all', 'surface', 'version', 'cohort', 'property')),
    value text NOT NULL, -- which surface, version, week of the first use, or property and its word; '' of all
    events bigint NOT NULL CHECK (events >= 0),
    people bigint NOT NULL CHECK (people >= 0),
    PRIMARY KEY (grain, period, event, segment, value)
) WITH (fillfactor = 85);

-- Which periods have been added up: of those, and of no other, a member who goes is taken away again.
CREATE TABLE use_period (
    grain text NOT NULL CHECK (grain IN ('day', 'week', 'month')),
    period date NOT NULL,
    summed_at timestamptz NOT NULL,
    took_ms integer NOT NULL,
    PRIMARY KEY (grain, period)
);

-- Every cell that an event counts in. Sums and what is taken from them both come from here, so they can't differ.
-- Event 14 is sent by us: whom we call has not done anything yet, and is in no cohort for it.
CREATE VIEW use_cell WITH (security_invoker = true) AS
SELECT e.member_id, e.day, cell.event, cell.segment, cell.value
FROM product_event e
JOIN member m USING (member_id)
CROSS JOIN LATERAL (
    SELECT counted.event, part.segment, part.value
    FROM (VALUES (0::smallint), (e.event)) AS counted (event)
    CROSS JOIN (VALUES
        ('all', ''),
        ('surface', e.surface),
        ('version', e.app_version),
        ('cohort', CASE WHEN e.event <> 14 THEN date_trunc('week', m.first_used_on)::date::text END)) AS part (segment, value)
    WHERE part.value IS NOT NULL AND (counted.event <> 0 OR e.event <> 14)
    UNION ALL
    SELECT e.event, 'property', word.key || '=' || word.value FROM jsonb_each_text(e.properties) AS word (key, value)
) AS cell;

GRANT SELECT ON use_cell TO spectrum_system, spectrum_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON use_sum TO spectrum_system;
GRANT SELECT, UPDATE ON use_sum TO spectrum_worker; -- taking a member away again
GRANT SELECT ON use_sum, use_period TO spectrum_staff;
GRANT SELECT ON use_period TO spectrum_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON use_period TO spectrum_system;

RESET ROLE;
