-- What is derived: vectors, impacts, rollups, and what the member keeps out. All figures are whole thousandths, so sums
-- are exact and come back identical after an exclusion is undone.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE session_vector (
    member_id uuid NOT NULL,
    session_id uuid NOT NULL,
    revision integer NOT NULL,
    emotions smallint[] NOT NULL CHECK (cardinality(emotions) = 28), -- the strongest showing of each
    mixture smallint[] NOT NULL CHECK (cardinality(mixture) = 28), -- the mean of each
    valence smallint NOT NULL,
    arousal smallint NOT NULL,
    dominance smallint NOT NULL,
    valence_spread smallint NOT NULL,
    arousal_spread smallint NOT NULL,
    first_valence smallint NOT NULL,
    first_arousal smallint NOT NULL,
    peak_valence smallint NOT NULL,
    peak_arousal smallint NOT NULL,
    end_valence smallint NOT NULL,
    end_arousal smallint NOT NULL,
    -- Pairs of turns: how many, and the sums before, after, before squared, after squared, of the products.
    valence_pairs bigint[] NOT NULL CHECK (cardinality(valence_pairs) = 6),
    arousal_pairs bigint[] NOT NULL CHECK (cardinality(arousal_pairs) = 6),
    -- How valence left the session's own middle and came back: runs outside it; of those that set out from home how many,
    -- distance and turns to the peak; of those that came home how many, distance and turns from the peak.
    displacements bigint[] NOT NULL CHECK (cardinality(displacements) = 7),
    valence_band smallint NOT NULL, -- a step within it is no change
    arousal_band smallint NOT NULL,
    turns integer NOT NULL,
    words integer NOT NULL,
    not_measured integer[] NOT NULL CHECK (cardinality(not_measured) = 4), -- no words, language, no prose, text gone
    source text NOT NULL CHECK (source IN ('model', 'member')),
    model text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, session_id, revision),
    FOREIGN KEY (member_id, session_id) REFERENCES session
);

CREATE TABLE turn_impact (
    member_id uuid NOT NULL,
    session_id uuid NOT NULL,
    index integer NOT NULL,
    emotions smallint[] NOT NULL CHECK (cardinality(emotions) = 28),
    valence smallint NOT NULL,
    arousal smallint NOT NULL,
    dominance smallint NOT NULL,
    valence_step smallint,
    arousal_step smallint,
    valence_innovation smallint,
    arousal_innovation smallint,
    mixture_shift smallint,
    valence_contribution smallint,
    arousal_contribution smallint,
    assistant_before integer NOT NULL,
    unmeasured_before integer NOT NULL,
    model text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, session_id, index),
    FOREIGN KEY (member_id, session_id, index) REFERENCES turn
);
CREATE INDEX turn_impact_age ON turn_impact USING brin (created_at);

CREATE TABLE exclusion (
    member_id uuid NOT NULL,
    exclusion_id uuid NOT NULL,
    scope text NOT NULL CHECK (scope = 'session'),
    session_id uuid NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (member_id, exclusion_id),
    UNIQUE (member_id, session_id),
    FOREIGN KEY (member_id, session_id) REFERENCES session
);

-- Sums of whole numbers that stay whole: `sum(bigint)` adds in 128 bits and answers a numeric. An overflow is an error.
CREATE AGGREGATE whole_sum(bigint) (SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE);

-- The three rollups have the same columns: a week and a month are sums of days.
CREATE TABLE day_rollup (
    member_id uuid NOT NULL REFERENCES member,
    period date NOT NULL,
    days integer NOT NULL,
    sessions integer NOT NULL,
    turns integer NOT NULL,
    words bigint NOT NULL,
    valence_sum bigint NOT NULL,
    valence_squares bigint NOT NULL,
    valence_min smallint NOT NULL,
    valence_max smallint NOT NULL,
    arousal_sum bigint NOT NULL,
    arousal_squares bigint NOT NULL,
    arousal_min smallint NOT NULL,
    arousal_max smallint NOT NULL,
    dominance_sum bigint NOT NULL,
    dominance_squares bigint NOT NULL,
    dominance_min smallint NOT NULL,
    dominance_max smallint NOT NULL,
    valence_pairs bigint[] NOT NULL CHECK (cardinality(valence_pairs) = 6),
    arousal_pairs bigint[] NOT NULL CHECK (cardinality(arousal_pairs) = 6),
    emotions bigint[] NOT NULL CHECK (cardinality(emotions) = 28),
    families integer[] NOT NULL CHECK (cardinality(families) = 9),
    quadrants integer[] NOT NULL CHECK (cardinality(quadrants) = 4),
    features integer[] NOT NULL CHECK (cardinality(features) = 3), -- mirror, turn, lens, and so below
    -- Of each feature: valence, its squares, arousal, its squares.
    feature_moments bigint[] NOT NULL CHECK (cardinality(feature_moments) = 12),
    -- Of each feature: sessions with two measured turns or more, and of the last less the first turn the same four.
    feature_impacts bigint[] NOT NULL CHECK (cardinality(feature_impacts) = 15),
    -- Weekday by daypart in local time: Monday's night, morning, afternoon, evening first.
    grid_sessions integer[] NOT NULL CHECK (cardinality(grid_sessions) = 28),
    grid_valence bigint[] NOT NULL CHECK (cardinality(grid_valence) = 28),
    displacements bigint[] NOT NULL CHECK (cardinality(displacements) = 7), -- as in session_vector
    models text[] NOT NULL,
    inputs_hash bytea NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (member_id, period)
) WITH (fillfactor = 85);
CREATE TABLE week_rollup (LIKE day_rollup INCLUDING ALL) WITH (fillfactor = 85);
CREATE TABLE month_rollup (LIKE day_rollup INCLUDING ALL) WITH (fillfactor = 85);
ALTER TABLE week_rollup ADD FOREIGN KEY (member_id) REFERENCES member;
ALTER TABLE month_rollup ADD FOREIGN KEY (member_id) REFERENCES member;

-- The newest order to read anew what another model has read: looked for once a model, and carried on where a process that
-- gave it out came no further.
CREATE TABLE reanalysis (
    model text PRIMARY KEY,
    ordered_at timestamptz NOT NULL,
    done boolean NOT NULL
);

-- What a model outside has cost, by calendar month: reserved before a call.
CREATE TABLE budget (
    scope text NOT NULL,
    period date NOT NULL,
    calls bigint NOT NULL,
    tokens bigint NOT NULL,
    PRIMARY KEY (scope, period)
);

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['session_vector', 'turn_impact', 'exclusion', 'day_rollup', 'week_rollup', 'month_rollup'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format($policy$
            CREATE POLICY own ON %I TO spectrum_web, spectrum_worker
                USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
                WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
            $policy$, owned);
        EXECUTE format('CREATE POLICY system ON %I TO spectrum_system USING (true) WITH CHECK (true)', owned);
    END LOOP;
END
$$;

GRANT SELECT ON session_vector TO spectrum_web;
GRANT SELECT, INSERT ON session_vector TO spectrum_worker;
GRANT SELECT, INSERT, DELETE ON turn_impact TO spectrum_worker;
GRANT SELECT, INSERT, DELETE ON exclusion TO spectrum_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON day_rollup, week_rollup, month_rollup
    TO spectrum_web, spectrum_worker, spectrum_system;
GRANT SELECT ON session_vector, exclusion TO spectrum_system;
GRANT SELECT, DELETE ON turn_impact TO spectrum_system; -- retention
GRANT DELETE ON session_vector, exclusion TO spectrum_worker; -- erasure
GRANT SELECT ON exclusion TO spectrum_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON reanalysis TO spectrum_ingest;
GRANT SELECT, INSERT, UPDATE ON budget TO spectrum_worker;

RESET ROLE;
