-- What members decide about what is held of them: they keep out a feature, a time or what is to come as well as a session,
-- they overrule a label, and they say whether their words are kept once they were read.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- An exclusion keeps out what it covers, past and to come: one session, a feature, local days, or what began while paused.
-- Why is a word of a closed set, never a sentence of the member's.
ALTER TABLE exclusion DROP CONSTRAINT exclusion_scope_check;
ALTER TABLE exclusion ALTER COLUMN session_id DROP NOT NULL;
ALTER TABLE exclusion ADD COLUMN feature text;
ALTER TABLE exclusion ADD COLUMN first_day date;
ALTER TABLE exclusion ADD COLUMN last_day date; -- included
ALTER TABLE exclusion ADD COLUMN paused_at timestamptz;
ALTER TABLE exclusion ADD COLUMN resumed_at timestamptz; -- nothing while the pause lasts
ALTER TABLE exclusion ADD COLUMN reason text;
ALTER TABLE exclusion ADD CONSTRAINT exclusion_scope CHECK (
    scope IN ('session', 'feature', 'period', 'pause')
    AND (scope = 'session') = (session_id IS NOT NULL)
    AND (scope = 'feature') = (feature IS NOT NULL)
    AND (scope = 'period') = (first_day IS NOT NULL)
    AND (scope = 'period') = (last_day IS NOT NULL)
    AND (scope = 'pause') = (paused_at IS NOT NULL)
    AND (resumed_at IS NULL OR resumed_at >= paused_at)
    AND (last_day IS NULL OR last_day >= first_day)
    AND (feature IS NULL OR feature IN ('mirror', 'turn', 'lens'))
    AND (reason IS NULL OR reason IN ('private', 'not_about_me', 'trial', 'unusual'))
) NOT VALID;
ALTER TABLE exclusion VALIDATE CONSTRAINT exclusion_scope;
CREATE UNIQUE INDEX exclusion_feature ON exclusion (member_id, feature) WHERE feature IS NOT NULL;
CREATE UNIQUE INDEX exclusion_period ON exclusion (member_id, first_day, last_day) WHERE first_day IS NOT NULL;
CREATE UNIQUE INDEX exclusion_pause ON exclusion (member_id, paused_at) WHERE paused_at IS NOT NULL;
CREATE UNIQUE INDEX exclusion_pause_now ON exclusion (member_id) WHERE paused_at IS NOT NULL AND resumed_at IS NULL;

-- The one question behind `session.excluded`, asked wherever that is written: domain/src/exclusion.rs has the same in Rust.
CREATE FUNCTION is_kept_out(member uuid, session uuid, of_feature text, on_day date, began timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY INVOKER
AS $$
    SELECT EXISTS (
        SELECT FROM exclusion e
        WHERE e.member_id = $1
          AND (e.session_id = $2 OR e.feature = $3 OR $4 BETWEEN e.first_day AND e.last_day
               OR ($5 >= e.paused_at AND (e.resumed_at IS NULL OR $5 < e.resumed_at))))
$$;
REVOKE ALL ON FUNCTION is_kept_out(uuid, uuid, text, date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_kept_out(uuid, uuid, text, date, timestamptz)
    TO spectrum_web, spectrum_ingest, spectrum_worker, spectrum_system;
CREATE POLICY ingest ON exclusion TO spectrum_ingest USING (true) WITH CHECK (true);
GRANT SELECT ON exclusion TO spectrum_ingest;
GRANT UPDATE (resumed_at) ON exclusion TO spectrum_web;

-- What the member says fits a session better than what was measured. It is laid over every measure the model makes of the
-- session, as a revision of its own, until it is taken back.
CREATE TABLE correction (
    member_id uuid NOT NULL,
    session_id uuid NOT NULL,
    quadrant text CHECK (quadrant IN ('high_unpleasant', 'high_pleasant', 'low_pleasant', 'low_unpleasant')),
    family text CHECK (family IN ('joy', 'interest', 'hope', 'warmth', 'calm', 'worry', 'anger', 'sadness', 'regret')),
    -- By the model, when the member said so: what is counted below. Places in domain/src/affect.rs.
    measured_quadrant smallint NOT NULL CHECK (measured_quadrant BETWEEN 0 AND 3),
    measured_family smallint CHECK (measured_family BETWEEN 0 AND 8),
    model text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (member_id, session_id),
    FOREIGN KEY (member_id, session_id) REFERENCES session,
    CHECK (quadrant IS NOT NULL OR family IS NOT NULL)
);
ALTER TABLE correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE correction FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON correction TO spectrum_web, spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON correction TO spectrum_web;
GRANT SELECT, DELETE ON correction TO spectrum_worker;
GRANT INSERT ON session_vector TO spectrum_web;

-- How often members agree with the model: counts of a month, and nobody in them.
CREATE TABLE label_agreement (
    month date NOT NULL,
    model text NOT NULL,
    label text NOT NULL CHECK (label IN ('quadrant', 'family')),
    measured text NOT NULL,
    chosen text NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (month, model, label, measured, chosen)
);
GRANT SELECT, INSERT, UPDATE ON label_agreement TO spectrum_web;
GRANT SELECT ON label_agreement TO spectrum_staff;

-- A session whose measure the member has erased: it stays, and is not read again.
ALTER TABLE session DROP CONSTRAINT session_state_check;
ALTER TABLE session ADD CONSTRAINT session_state_check
    CHECK (state IN ('open', 'ended', 'analysed', 'withheld', 'unmeasured', 'reset')) NOT VALID;
ALTER TABLE session VALIDATE CONSTRAINT session_state_check;

-- Whether a member's words are kept for as long as others' are, or only until they were read.
ALTER TABLE member ADD COLUMN keep_text boolean NOT NULL DEFAULT true;

-- A day whose sessions are no longer held: its sums stay as they are, and nothing adds it up again.
ALTER TABLE day_rollup ADD COLUMN settled boolean NOT NULL DEFAULT false;

-- What retention looks for.
CREATE INDEX session_age ON session USING brin (received_at);
CREATE INDEX day_rollup_age ON day_rollup USING brin (period);
CREATE INDEX week_rollup_age ON week_rollup USING brin (period);
CREATE INDEX month_rollup_age ON month_rollup USING brin (period);

-- What a member decides is followed by work: reading what was taken in again, and more.
GRANT USAGE ON SEQUENCE job_id_seq TO spectrum_web;
GRANT INSERT ON job TO spectrum_web;
GRANT SELECT, INSERT ON job_key TO spectrum_web;

RESET ROLE;
