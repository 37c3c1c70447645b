-- One database role a duty, so that a mistake in one process can't reach what only another may touch.
-- Roles belong to the whole cluster: a second database, or a second migration at the same moment, finds them made.
DO $$
DECLARE
    duty text;
BEGIN
    FOREACH duty IN ARRAY ARRAY['spectrum_owner', 'spectrum_web', 'spectrum_ingest', 'spectrum_worker', 'spectrum_system',
                               'spectrum_staff']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = duty) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', duty);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- made by another migration a moment ago
            END;
        END IF;
        -- The login that runs Spectrum takes these roles on by `SET ROLE`.
        IF NOT pg_has_role(current_user, duty, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', duty, current_user);
        END IF;
    END LOOP;
END
$$;

GRANT CREATE, USAGE ON SCHEMA public TO spectrum_owner;
GRANT USAGE ON SCHEMA public TO spectrum_web, spectrum_ingest, spectrum_worker, spectrum_system, spectrum_staff;
