-- Whether what is tried brings people back: an experiment for each thing that some may be kept from by lot, who came into it, in which
-- weeks after that they held a session, and how those fare who opened Spectrum where nobody was drawn.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

ALTER TABLE experiment
    DROP CONSTRAINT experiment_name_check,
    ADD CONSTRAINT experiment_name_check CHECK (name IN ('spectrum', 'push', 'teaser')),
    -- How long it is meant to run, said beforehand: a result is read once, then.
    ADD COLUMN days smallint NOT NULL DEFAULT 56 CHECK (days BETWEEN 14 AND 365);
ALTER TABLE experiment ALTER COLUMN days DROP DEFAULT;

ALTER TABLE exposure
    DROP CONSTRAINT exposure_experiment_check,
    ADD CONSTRAINT exposure_experiment_check CHECK (experiment IN ('spectrum', 'push', 'teaser')),
    -- They were treated both ways while it ran, and are in neither arm.
    ADD COLUMN crossed boolean NOT NULL DEFAULT false,
    -- Weeks after it that are over, and a bit for each in which they held a session, the lowest for the first.
    ADD COLUMN weeks smallint NOT NULL DEFAULT 0 CHECK (weeks BETWEEN 0 AND 12),
    ADD COLUMN there integer NOT NULL DEFAULT 0;
GRANT UPDATE (crossed, weeks, there) ON exposure TO spectrum_system;

-- What the team reads: everybody of an experiment by arm and day, and those of them who were there in each of the twelve weeks after.
-- Made anew every night.
CREATE TABLE arm_sum (
    experiment text NOT NULL,
    arm text NOT NULL CHECK (arm IN ('feature', 'holdout', 'both')),
    day date NOT NULL,
    people bigint NOT NULL,
    returned bigint[] NOT NULL CHECK (cardinality(returned) = 12),
    PRIMARY KEY (experiment, arm, day)
);
GRANT SELECT ON arm_sum TO spectrum_staff;
GRANT SELECT, INSERT, DELETE ON arm_sum TO spectrum_system;

-- Where nobody was drawn: members who held sessions before a Monday and had not opened Spectrum until then, by whether they did soon
-- after it, and by how many weeks they were there before and after (domain/effect/observed.rs).
CREATE TABLE opened_sum (
    week date NOT NULL, -- the Monday
    measure text NOT NULL CHECK (measure IN ('change', 'change_before', 'before', 'last_before', 'months_known', 'landmark', 'raw')),
    opened boolean NOT NULL,
    value smallint NOT NULL,
    people bigint NOT NULL,
    PRIMARY KEY (week, measure, opened, value)
);
GRANT SELECT ON opened_sum TO spectrum_staff;
GRANT SELECT, INSERT, DELETE ON opened_sum TO spectrum_system;

-- Until when what the team reads was added up, and how long that took: a window that has closed since is not closed for it.
CREATE TABLE sum_night (
    part text PRIMARY KEY CHECK (part IN ('arms', 'opened')),
    until date NOT NULL,
    took_ms integer NOT NULL
);
GRANT SELECT ON sum_night TO spectrum_staff;
GRANT SELECT, INSERT, UPDATE ON sum_night TO spectrum_system;

RESET ROLE;
