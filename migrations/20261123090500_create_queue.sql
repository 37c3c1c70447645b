-- The queue: jobs carry ids and never text. No foreign key to member tables, so that jobs can stay in one place when
-- members are spread over many; the ledger of keys outlives the jobs, so that nothing is enqueued twice.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    state smallint NOT NULL DEFAULT 0 CHECK (state IN (0, 1)), -- 0 waiting, 1 running
    attempt smallint NOT NULL DEFAULT 0,
    run_at timestamptz NOT NULL,
    claimed_at timestamptz,
    worker_id uuid,
    member_id uuid NOT NULL,
    key uuid NOT NULL,
    payload jsonb NOT NULL,
    error text,
    created_at timestamptz NOT NULL,
    CHECK ((state = 1) = (worker_id IS NOT NULL))
);
CREATE INDEX job_ready ON job (run_at, id) WHERE state = 0;
CREATE INDEX job_running ON job (claimed_at) WHERE state = 1;
CREATE INDEX job_member ON job (member_id);

CREATE TABLE job_key (
    bucket date NOT NULL,
    key uuid NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (bucket, key)
);
CREATE INDEX job_key_member ON job_key (member_id);

CREATE TABLE job_dead (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    attempt smallint NOT NULL,
    member_id uuid NOT NULL,
    key uuid NOT NULL,
    payload jsonb NOT NULL,
    error text NOT NULL,
    created_at timestamptz NOT NULL,
    died_at timestamptz NOT NULL
);
CREATE INDEX job_dead_member ON job_dead (member_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON job, job_dead TO spectrum_worker;
GRANT SELECT, INSERT ON job, job_key TO spectrum_ingest, spectrum_worker;
GRANT DELETE ON job TO spectrum_ingest;
GRANT SELECT ON job, job_dead TO spectrum_web, spectrum_staff, spectrum_ingest;

RESET ROLE;

-- `/ready` asks whether the database has the tables of its version. (The list is the migrator's own, where there is one.)
DO $$
BEGIN
    IF to_regclass('public._sqlx_migrations') IS NOT NULL THEN
        GRANT SELECT ON _sqlx_migrations TO spectrum_web;
    END IF;
END
$$;
