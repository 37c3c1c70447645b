-- The queue and its schedule: jobs carry ids and never text. No foreign key to member tables, so that jobs can stay in one
-- place when members are spread over many; the ledger of keys outlives the jobs, so that nothing is enqueued twice.
-- docs/queue.md has the shape, the reasons and where it differs from other queues.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- A batch of inserts takes its ids without asking for each; order is by run_at, an id only breaks ties.
CREATE SEQUENCE job_id_seq CACHE 64;

CREATE TABLE job (
    id bigint NOT NULL DEFAULT nextval('job_id_seq'),
    queue text NOT NULL,
    kind text NOT NULL,
    state smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1)), -- 0 waiting, 1 running
    attempt smallint NOT NULL DEFAULT 0,
    crashes smallint NOT NULL DEFAULT 0, -- workers that died or hung with it
    run_at timestamptz NOT NULL,
    expires_at timestamptz, -- dropped, not run, after that
    claimed_at timestamptz,
    deadline_at timestamptz,
    worker_id uuid,
    member_id uuid,
    key uuid NOT NULL,
    payload jsonb NOT NULL,
    errors jsonb NOT NULL DEFAULT '[]', -- the last five
    created_at timestamptz NOT NULL,
    PRIMARY KEY (queue, id),
    CHECK ((state = 1) = (worker_id IS NOT NULL))
) PARTITION BY LIST (queue);
CREATE INDEX job_ready ON job (queue, run_at, id) WHERE state = 0;
CREATE INDEX job_running ON job (worker_id) WHERE state = 1;
CREATE INDEX job_member ON job (member_id); -- with those about nobody: they are few, and looked for by key

-- A partition a queue: a million waiting jobs of one never stand in the way of another, and each is vacuumed alone.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['intake', 'analysis', 'rollup', 'period', 'upkeep'] LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF job FOR VALUES IN (%L) WITH (
            autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
            autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000)', 'job_' || name, name);
    END LOOP;
END
$$;

-- Flat although it is kept for a while only: a late event of an old session asks for a key in an old bucket, which no
-- partition could be held ready for. The bucket leads the key, so what is forgotten lies together.
CREATE TABLE job_key (
    bucket date NOT NULL,
    key uuid NOT NULL,
    member_id uuid,
    PRIMARY KEY (bucket, key)
);
CREATE INDEX job_key_member ON job_key (member_id) WHERE member_id IS NOT NULL;

CREATE TABLE job_dead (
    id bigint PRIMARY KEY,
    queue text NOT NULL,
    kind text NOT NULL,
    attempt smallint NOT NULL,
    crashes smallint NOT NULL,
    member_id uuid,
    key uuid NOT NULL,
    payload jsonb NOT NULL,
    errors jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    died_at timestamptz NOT NULL,
    reason text NOT NULL CHECK (reason IN ('attempts', 'permanent', 'poison', 'buried'))
);
CREATE INDEX job_dead_queue ON job_dead (queue, died_at);
CREATE INDEX job_dead_key ON job_dead (key);
CREATE INDEX job_dead_member ON job_dead (member_id) WHERE member_id IS NOT NULL;

-- Liveness goes by the database's clock, so that workers' clocks may differ.
CREATE TABLE job_worker (
    id uuid PRIMARY KEY,
    host text NOT NULL,
    version text NOT NULL,
    queues text[] NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    draining boolean NOT NULL DEFAULT false
);

CREATE TABLE job_queue (
    name text PRIMARY KEY,
    paused boolean NOT NULL,
    paused_at timestamptz,
    paused_by text
);

-- What was done, by the minute: finished jobs leave nothing else behind.
CREATE TABLE job_stat (
    minute timestamptz NOT NULL,
    queue text NOT NULL,
    kind text NOT NULL,
    outcome text NOT NULL,
    n bigint NOT NULL,
    wait_ms bigint NOT NULL,
    run_ms bigint NOT NULL,
    most_run_ms bigint NOT NULL,
    PRIMARY KEY (minute, queue, kind, outcome)
);

-- Every due period of every task once: who inserts the row also enqueues the work, in the same transaction.
CREATE TABLE schedule_run (
    task text NOT NULL,
    scope text NOT NULL, -- whose periods: a zone, and the first day of the week there; empty for everybody's
    period date NOT NULL,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    cursor uuid, -- the last member whose page was given out
    pages integer NOT NULL DEFAULT 0,
    pages_done integer NOT NULL DEFAULT 0,
    spread boolean NOT NULL DEFAULT false, -- every page was given out
    done_at timestamptz,
    PRIMARY KEY (task, scope, period)
);
CREATE INDEX schedule_run_open ON schedule_run (due_at) WHERE done_at IS NULL;

GRANT USAGE ON SEQUENCE job_id_seq TO spectrum_ingest, spectrum_worker, spectrum_system, spectrum_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON job, job_worker TO spectrum_worker;
GRANT SELECT, INSERT, DELETE ON job_key, job_dead TO spectrum_worker;
GRANT SELECT, INSERT, UPDATE ON job_stat TO spectrum_worker;
GRANT SELECT ON job_queue TO spectrum_worker;
GRANT SELECT, INSERT, DELETE ON job TO spectrum_ingest;
GRANT SELECT, INSERT ON job_key TO spectrum_ingest;
GRANT SELECT ON job_dead TO spectrum_ingest;
GRANT SELECT ON job, job_dead TO spectrum_web; -- how far a member's sessions have come
GRANT SELECT, INSERT, DELETE ON job, job_key TO spectrum_system;
GRANT SELECT ON job_dead TO spectrum_system;
GRANT SELECT, DELETE ON job_stat, job_worker TO spectrum_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_run TO spectrum_system;
-- Operators: dead jobs come back, waiting ones are buried, queues pause.
GRANT SELECT, INSERT, DELETE ON job, job_dead TO spectrum_staff;
GRANT SELECT, INSERT, UPDATE ON job_queue TO spectrum_staff;
GRANT SELECT ON job_stat, job_worker, schedule_run TO spectrum_staff;

RESET ROLE;

-- `/ready` asks whether the database has the tables of its version. (The list is the migrator's own, where there is one.)
DO $$
BEGIN
    IF to_regclass('public._sqlx_migrations') IS NOT NULL THEN
        GRANT SELECT ON _sqlx_migrations TO spectrum_web;
    END IF;
END
$$;
