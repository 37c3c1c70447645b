-- A model may put findings into other words, for members who agreed to it: every call is booked from what the provider said that it
-- was charged for, and what was spent is added up by day and month, so that a budget is asked in one look (docs/llm.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- Who wrote a month's text; a template, where it is not said.
ALTER TABLE edition ADD COLUMN narrator jsonb;

-- Append only. It names no member: the key follows from what was to be put into words, and the same task is booked once a try.
CREATE TABLE model_call (
    day date NOT NULL,
    task_key uuid NOT NULL,
    attempt smallint NOT NULL, -- of the job
    ordinal smallint NOT NULL, -- within the try
    task text NOT NULL CHECK (task IN ('week', 'month')),
    model text NOT NULL,
    prompt text NOT NULL, -- name, number and hash
    request_id text, -- the provider's
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    micro_dollars bigint NOT NULL,
    took_ms integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('taken', 'refused', 'failed')),
    reasons text[] NOT NULL, -- of the guard, in its closed words
    PRIMARY KEY (day, task_key, attempt, ordinal)
);

-- Sums of it: of everything and of each task, by day and by month.
CREATE TABLE model_spend (
    scope text NOT NULL CHECK (scope IN ('all', 'week', 'month')),
    grain text NOT NULL CHECK (grain IN ('day', 'month')),
    period date NOT NULL,
    micro_dollars bigint NOT NULL,
    PRIMARY KEY (scope, grain, period)
);

-- And of each member by month, for their own budget.
CREATE TABLE member_spend (
    member_id uuid NOT NULL REFERENCES member,
    month date NOT NULL,
    micro_dollars bigint NOT NULL,
    PRIMARY KEY (member_id, month)
);
ALTER TABLE member_spend ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_spend FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON member_spend TO spectrum_web, spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
CREATE POLICY system ON member_spend TO spectrum_system USING (true) WITH CHECK (true);

GRANT SELECT, INSERT ON model_call TO spectrum_worker;
GRANT SELECT, INSERT, UPDATE ON model_spend TO spectrum_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON member_spend TO spectrum_worker;
GRANT SELECT, DELETE ON member_spend TO spectrum_system; -- retention

RESET ROLE;
