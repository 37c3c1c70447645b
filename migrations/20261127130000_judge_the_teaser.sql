-- Whether the teaser leads anybody to the paid plan is judged from who saw it first when, who was kept from it by lot, and who
-- upgraded: of members who agreed to be counted, and of nobody else.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- A feature that some are kept from by lot. What an experiment is can't be changed once it is written: no role may.
CREATE TABLE experiment (
    name text PRIMARY KEY CHECK (name IN ('teaser')),
    holdout_permille smallint NOT NULL CHECK (holdout_permille BETWEEN 1 AND 500),
    started_at timestamptz NOT NULL,
    ended_at timestamptz CHECK (ended_at >= started_at)
);
GRANT SELECT ON experiment TO spectrum_web, spectrum_system, spectrum_staff;
GRANT INSERT, UPDATE (ended_at) ON experiment TO spectrum_system;

-- Who came to the place of a feature for the first time, whether or not they were shown it: once, whatever comes later.
CREATE TABLE exposure (
    member_id uuid NOT NULL REFERENCES member,
    experiment text NOT NULL CHECK (experiment IN ('teaser')),
    arm text NOT NULL CHECK (arm IN ('feature', 'holdout')),
    exposed_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, experiment)
);
ALTER TABLE exposure ENABLE ROW LEVEL SECURITY;
ALTER TABLE exposure FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON exposure TO spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
CREATE POLICY system ON exposure TO spectrum_system USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON exposure TO spectrum_worker; -- export, opting out, erasure
GRANT SELECT, INSERT, DELETE ON exposure TO spectrum_system;

-- That a member took the paid plan, as their host's billing says; and whether it was paid back.
CREATE TABLE upgrade (
    member_id uuid NOT NULL REFERENCES member,
    upgrade_id uuid NOT NULL, -- the host's
    upgraded_at timestamptz NOT NULL,
    refunded_at timestamptz CHECK (refunded_at >= upgraded_at),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, upgrade_id)
);
ALTER TABLE upgrade ENABLE ROW LEVEL SECURITY;
ALTER TABLE upgrade FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON upgrade TO spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
CREATE POLICY system ON upgrade TO spectrum_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON upgrade TO spectrum_worker;
GRANT SELECT, DELETE ON upgrade TO spectrum_system;

-- What the team reads: people by the day of their first exposure, and those of them who upgraded by the hours that took, made anew
-- every night. Nobody is named. Hour -1 is everybody.
CREATE TABLE exposure_sum (
    experiment text NOT NULL,
    drawn boolean NOT NULL, -- while an experiment ran
    arm text NOT NULL,
    day date NOT NULL,
    hour smallint NOT NULL CHECK (hour BETWEEN -1 AND 671),
    people bigint NOT NULL,
    refunded bigint NOT NULL,
    PRIMARY KEY (experiment, day, drawn, arm, hour)
);
GRANT SELECT ON exposure_sum TO spectrum_staff;
GRANT SELECT, INSERT, DELETE ON exposure_sum TO spectrum_system;

RESET ROLE;
