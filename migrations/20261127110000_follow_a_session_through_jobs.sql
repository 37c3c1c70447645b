-- Whoever enqueues says of which trace the work is part, so that one session can be followed from the request that brought it
-- through its jobs to the cards and the push it led to (docs/observability.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- A W3C trace context of its version 00; nothing where the work was ordered by nobody who was followed.
ALTER TABLE job ADD COLUMN trace text;
ALTER TABLE job_dead ADD COLUMN trace text;
-- Of the job that planned it.
ALTER TABLE push_outbox ADD COLUMN trace text;
-- Of the job that measured it, where that is recorded at all: what a period's publication points back to.
ALTER TABLE session ADD COLUMN trace text;

-- Not validated, and never in need of it: no row there is has a trace, and looking through them would hold their tables closed.
DO $$
DECLARE
    followed text;
BEGIN
    FOREACH followed IN ARRAY ARRAY['job', 'job_dead', 'push_outbox', 'session'] LOOP
        EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (trace ~ %L) NOT VALID', followed, followed || '_trace_check',
                       '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
    END LOOP;
END
$$;

RESET ROLE;
