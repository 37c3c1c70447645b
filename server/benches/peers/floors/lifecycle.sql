-- L3: a hundred jobs put in, claimed and finished in our own tables, three transactions: our queue without its program.
INSERT INTO job (queue, kind, run_at, key, payload, created_at)
SELECT 'analysis', 'bench', now(), gen_random_uuid(), '{"n": 1, "at": 1}', now() FROM generate_series(1, 100);
WITH claimed AS (
    UPDATE job
    SET state = 1, attempt = attempt + 1, claimed_at = now(), deadline_at = now() + interval '30 s',
        worker_id = ('00000000-0000-4000-8000-' || lpad(:client_id::text, 12, '0'))::uuid
    WHERE queue = 'analysis' AND id = ANY (ARRAY (
        SELECT id FROM job WHERE queue = 'analysis' AND state = 0 AND run_at <= now()
        ORDER BY run_at, id LIMIT 100 FOR UPDATE SKIP LOCKED))
    RETURNING id
)
SELECT coalesce(array_agg(id), '{}')::text AS ids FROM claimed \gset
DELETE FROM job
WHERE queue = 'analysis' AND id = ANY (:ids::bigint[]) AND state = 1 AND attempt = 1
    AND worker_id = ('00000000-0000-4000-8000-' || lpad(:client_id::text, 12, '0'))::uuid;
