-- Fills an empty database, inside PostgreSQL, with so many members and events of use as `:members` and `:events` say, and with what
-- grows with them: what the team's pages read and what the nightly sums are made of. Runs on the tables as the migrations make
-- them and leaves them so: keys are left behind while rows are put in and made anew after it, which is several times quicker.
-- A line that begins with `-- step` begins a transaction of its own. Rows are whole, so foreign keys do not look for each
-- (`session_replication_role`).
-- Nothing in here is about anybody; what is random differs from run to run.

-- step what the rows are made of
CREATE SCHEMA bench;
-- One member a number, in the order in which they came: many at first, fewer later, as with a product that is rolled out.
CREATE UNLOGGED TABLE bench.member AS
SELECT n, (lpad(to_hex((extract(epoch FROM came) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid AS id,
       came, ('{webview,webview,webview,browser,browser,app}'::text[])[1 + n % 6] AS surface, n % 7 AS late
FROM (
    SELECT n, current_date - 400 + 400 * (n::float8 / :members) ^ 2 * interval '1 day' - interval '1 second' AS came, md5(n::text) AS hash
    FROM generate_series(1, :members) AS n
) AS each;
CREATE UNIQUE INDEX ON bench.member (n);

-- What an event says, 4,096 times, as often as it is seen: every word of the closed vocabulary is among them
-- (domain/src/product_event.rs).
CREATE FUNCTION bench.one(words text) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT word[1 + floor(random() * cardinality(word))] FROM (VALUES (regexp_split_to_array(words, '\s+'))) AS all_of (word)
$$;
CREATE FUNCTION bench.say(event smallint) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    counts text := 'none one 2_to_4 5_to_9 10_or_more';
    kind text := bench.one('low_data coverage baseline_short level mix variability recovery changed first_time returned steady nothing_new
        weekday_pattern daypart_pattern feature_shift feature_contrast moved_most');
    screen text := bench.one('week landscape patterns feed month sessions session');
    channel text := bench.one('apns fcm web_push');
    scope text := bench.one('derived derived_and_raw');
BEGIN
    RETURN CASE
        WHEN event IN (1, 7) THEN jsonb_build_object('cards_count', bench.one(counts),
            'generator_mix', bench.one('none template model both'), 'data_tier', bench.one('none low ok'))
        WHEN event = 2 THEN jsonb_build_object('card_kind', kind, 'position', 1 + floor(50 * random() ^ 3)::integer,
            'dwell', bench.one('under_2s 2_to_10s 10_to_30s over_30s'))
        WHEN event = 3 THEN jsonb_build_object('card_kind', kind)
        WHEN event = 4 THEN jsonb_build_object('card_kind', kind, 'verdict', bench.one('useful not_quite wrong'))
        WHEN event IN (5, 6) THEN jsonb_build_object('via', bench.one('list card'), 'excluded_total', bench.one(counts))
        WHEN event IN (8, 9) THEN jsonb_build_object('period_kind', bench.one('week month quarter year span'))
        WHEN event IN (10, 11) THEN jsonb_build_object('teaser_variant',
            CASE WHEN event = 10 AND random() < 0.1 THEN 'holdout' ELSE 'sample-1' END, 'screen', screen)
        WHEN event = 14 THEN jsonb_build_object('channel', channel, 'local_hour', bench.one('night morning afternoon evening'))
        WHEN event = 16 THEN jsonb_build_object('channel', channel, 'minutes_to_open', bench.one('under_5m 5_to_60m 1_to_12h over_12h'))
        WHEN event = 17 THEN jsonb_build_object('scope', scope)
        WHEN event = 18 THEN jsonb_build_object('scope', scope, 'seconds', bench.one('under_1s 1_to_10s 10_to_60s over_60s'))
        WHEN event = 19 THEN jsonb_build_object('format', 'archive')
        ELSE jsonb_build_object('screen', screen)
    END;
END
$$;
CREATE UNLOGGED TABLE bench.said AS
SELECT (row_number() OVER () - 1)::integer AS slot, event::smallint, bench.say(event::smallint) AS properties
FROM (VALUES (1, 600), (2, 1500), (3, 120), (4, 150), (5, 40), (6, 15), (7, 120), (8, 600), (9, 300), (10, 150), (11, 15), (14, 280),
             (16, 90), (17, 4), (18, 4), (19, 8), (20, 100)) AS seen (event, often)
CROSS JOIN LATERAL generate_series(1, often);
CREATE UNIQUE INDEX ON bench.said (slot);

-- Leaves the keys of a table and its partitions behind until `bench.make_keys` makes them anew.
CREATE FUNCTION bench.leave_keys(tables regclass[]) RETURNS void LANGUAGE sql AS $$
    UPDATE pg_index SET indisready = false, indisvalid = false
    WHERE indrelid IN (SELECT t FROM unnest(tables) AS t UNION SELECT inhrelid FROM pg_inherits WHERE inhparent = ANY (tables))
      AND indrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r')
$$;
CREATE FUNCTION bench.make_keys() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name regclass;
BEGIN
    SET LOCAL maintenance_work_mem = '1GB';
    SET LOCAL max_parallel_maintenance_workers = 0;
    FOR name IN SELECT DISTINCT indrelid::regclass FROM pg_index WHERE NOT indisready LOOP
        EXECUTE format('REINDEX TABLE %s', name);
    END LOOP;
END
$$;
ANALYZE bench.member;
ANALYZE bench.said;

-- step events of use
-- A day after the other, as they come in. A few of the members do most: the share of a rank falls with its fourth root.
SET LOCAL session_replication_role = replica;
SET LOCAL work_mem = '1GB';
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_nestloop = on;
SET LOCAL max_parallel_workers_per_gather = 0;
DO $$
DECLARE
    first date := date_trunc('month', current_date - interval '12 months');
    month date;
    each integer := ceil(:events::float8 / (current_date - date_trunc('month', current_date - interval '12 months')::date));
BEGIN
    FOR ahead IN 0..13 LOOP
        PERFORM ensure_product_event_partitions((first + ahead * interval '1 month')::date);
    END LOOP;
    PERFORM bench.leave_keys(ARRAY['product_event'::regclass]);
    FOR ahead IN 0..12 LOOP
        month := first + ahead * interval '1 month';
        -- A table that was emptied in the same transaction is written without a log.
        EXECUTE format('TRUNCATE %I', 'product_event_' || to_char(month, 'YYYY_MM'));
        INSERT INTO product_event (member_id, day, event_id, event, properties, surface, app_version, recorded_at)
        SELECT m.id, c.day, gen_random_uuid(), s.event, s.properties, m.surface,
               -- A version every six weeks, and some come to it late.
               '4.' || ((c.day - first) / 42 + CASE WHEN m.late = 0 THEN 0 ELSE 1 END) || '.0', c.at
        FROM (
            SELECT day, day + i * (interval '1 day' / of_day) AS at, most,
                   1 + (floor(:members * random() ^ 4)::bigint * 7919 + 104729) % :members AS n,
                   floor(random() * 4096)::integer AS slot
            FROM (
                SELECT day::date, ceil(each / here)::integer AS of_day, :members * here AS most
                FROM generate_series(month, least(month + interval '1 month' - interval '1 day', current_date - 1), '1 day') AS day
                CROSS JOIN LATERAL (SELECT sqrt((day::date - (current_date - 400)) / 400.0::float8) AS here) AS share
            ) AS days
            CROSS JOIN LATERAL generate_series(0, of_day - 1) AS i
            OFFSET 0
        ) AS c
        JOIN bench.member m ON m.n = c.n
        JOIN bench.said s ON s.slot = c.slot
        WHERE c.n <= c.most;
    END LOOP;
END
$$;

-- step keys of the events
SELECT bench.make_keys();

-- step members, in forty calendars
SET LOCAL session_replication_role = replica;
SET LOCAL work_mem = '1GB';
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE UNLOGGED TABLE bench.first AS
    SELECT member_id, min(day) AS day FROM product_event WHERE event <> 14 GROUP BY member_id;
INSERT INTO host (host_id, name, created_at) VALUES ('00000000-0000-7000-8000-00000000b0b0', 'bench', current_date - 401);
INSERT INTO member (member_id, host_id, external_ref, zone, week_start, plan, consent_analysis, consent_model, consent_analytics,
                    data_version, created_at, updated_at, first_used_on)
SELECT m.id, '00000000-0000-7000-8000-00000000b0b0', 'member' || n,
       ('{Europe/London,Europe/Berlin,Europe/Madrid,Europe/Paris,America/New_York,America/Chicago,America/Denver,America/Los_Angeles,Asia/Tokyo,
          Asia/Kolkata,Asia/Singapore,Australia/Sydney,America/Sao_Paulo,Africa/Lagos,America/Toronto,Europe/Rome,Europe/Warsaw,
          Asia/Manila,Pacific/Auckland,America/Mexico_City}'::text[])[1 + n % 20],
       CASE WHEN n % 3 = 0 THEN 'sunday' ELSE 'monday' END, CASE WHEN n % 8 = 0 THEN 'paid' ELSE 'free' END, true, n % 3 = 0, true,
       n % 50, came, came, f.day
FROM bench.member m LEFT JOIN bench.first f ON f.member_id = m.id ORDER BY n;
INSERT INTO member_lookup (host_id, external_ref, member_id)
SELECT '00000000-0000-7000-8000-00000000b0b0', 'member' || n, id FROM bench.member ORDER BY 'member' || n;

-- step sessions of the last twelve weeks
-- Eight to a member; a few have many, and some none. Without the name of a model: what another has read would be read anew.
SET LOCAL session_replication_role = replica;
SET LOCAL work_mem = '1GB';
SET LOCAL enable_mergejoin = off;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT bench.leave_keys(ARRAY['session'::regclass]);
INSERT INTO session (member_id, session_id, external_ref, feature, started_at, start_known, ended_at, zone, local_date, local_minute, state,
                     input_version, vector_revision, member_turns, assistant_turns, words, received_at, last_event_at)
SELECT m.id, gen_random_uuid(), 's' || day || '-' || i, ('{mirror,turn,lens}'::text[])[1 + i % 3], at, true, at + interval '20 minutes',
       'UTC', day, i % 1440, CASE WHEN i % 1000 = 0 AND day > current_date - 3 THEN 'ended' WHEN i % 50 = 0 THEN 'unmeasured' ELSE 'analysed' END,
       1, 1, 6, 6, 240, at + interval '20 minutes', at + interval '20 minutes'
FROM (
    SELECT day::date, i, day + i * (interval '1 day' / (:members * 8 / 84 + 1)) AS at,
           1 + (floor(:members * random() ^ 2)::bigint * 7919 + 104729) % :members AS n
    FROM generate_series(current_date - 84, current_date - 1, '1 day') AS day CROSS JOIN generate_series(0, :members * 8 / 84) AS i
    OFFSET 0
) AS c
JOIN bench.member m ON m.n = c.n;
SELECT bench.make_keys();

-- step sums of this month, and a verdict here and there
SET LOCAL session_replication_role = replica;
SET LOCAL work_mem = '1GB';
INSERT INTO month_rollup (member_id, period, days, sessions, turns, words, valence_sum, valence_squares, valence_min, valence_max,
    arousal_sum, arousal_squares, arousal_min, arousal_max, dominance_sum, dominance_squares, dominance_min, dominance_max,
    valence_pairs, arousal_pairs, emotions, families, quadrants, features, feature_moments, feature_impacts, grid_sessions, grid_valence,
    displacements, models, inputs_hash, version)
SELECT id, date_trunc('month', current_date), 3, 3, 18, 720, 300, 30000, 100, 100, 300, 30000, 100, 100, 300, 30000, 100, 100,
    array_fill(0::bigint, ARRAY[6]), array_fill(0::bigint, ARRAY[6]), array_fill(0::bigint, ARRAY[28]), array_fill(0, ARRAY[9]),
    array_fill(0, ARRAY[4]), array_fill(1, ARRAY[3]), array_fill(0::bigint, ARRAY[12]), array_fill(0::bigint, ARRAY[15]),
    array_fill(0, ARRAY[28]), array_fill(0::bigint, ARRAY[28]), array_fill(0::bigint, ARRAY[7]), '{lexicon-1}', '\x00', 1
FROM bench.member ORDER BY n;
INSERT INTO feedback (member_id, card_id, verdict, kind, generator, given_at)
SELECT id, gen_random_uuid(), ('{useful,useful,not_quite,wrong}'::text[])[1 + n % 4], ('{level,mix,changed,recovery,steady}'::text[])[1 + n % 5],
       'template', current_date - (n % 90) * interval '1 day'
FROM bench.member WHERE n % 3 = 0 ORDER BY n;

-- step exposures and upgrades
SET LOCAL session_replication_role = replica;
INSERT INTO experiment (name, holdout_permille, started_at, days) VALUES ('teaser', 100, current_date - 90, 56);
INSERT INTO exposure (member_id, experiment, arm, exposed_at)
SELECT id, 'teaser', CASE WHEN n / 10 % 10 = 0 AND at >= current_date - 90 THEN 'holdout' ELSE 'feature' END, at
FROM (SELECT n, id, came + (current_date - 1 - came) * (n * 37 % 97 / 97.0) AS at
      FROM bench.member WHERE n % 10 IN (1, 2, 4)) AS each
ORDER BY n;
INSERT INTO upgrade (member_id, upgrade_id, upgraded_at, refunded_at, recorded_at)
SELECT member_id, gen_random_uuid(), at, CASE WHEN random() < 0.05 THEN at + interval '5 days' END, at
FROM (SELECT member_id, exposed_at + random() ^ 3 * interval '40 days' AS at FROM exposure ORDER BY member_id) AS each
WHERE random() < 0.05;

-- step the queue, its history and its dead
SET LOCAL session_replication_role = replica;
CREATE UNLOGGED TABLE bench.kind AS
SELECT row_number() OVER () - 1 AS place, queue, kind FROM (VALUES ('analysis', 'analyze_session'), ('rollup', 'refresh_rollups'),
    ('rollup', 'write_editions'), ('period', 'aggregate_week'), ('period', 'publish_period'), ('push', 'send_pushes'),
    ('intake', 'close_idle_session'), ('upkeep', 'export_member')) AS known (queue, kind);
-- Idle sessions that are closed in their time, and what has piled up behind a model that was away.
INSERT INTO job (queue, kind, state, attempt, run_at, member_id, key, payload, errors, created_at)
SELECT CASE WHEN n % 4 = 0 THEN 'intake' ELSE 'analysis' END, CASE WHEN n % 4 = 0 THEN 'close_idle_session' ELSE 'analyze_session' END, 0, 0,
       CASE WHEN n % 4 = 0 THEN now() + interval '1 day' + (n % 3600) * interval '1 second' ELSE now() - (n % 7200) * interval '1 second' END,
       id, gen_random_uuid(), jsonb_build_object('kind', 'analyze_session', 'session_id', id), '[]', now() - interval '2 hours'
FROM bench.member WHERE n % 10 = 0;
INSERT INTO job_worker (id, host, version, queues, started_at, seen_at)
SELECT gen_random_uuid(), 'worker-' || n, '0.1.0', '{intake,analysis,rollup,period,push}', now() - interval '1 day', now() + interval '1 day'
FROM generate_series(1, 8) AS n;
INSERT INTO job (queue, kind, state, attempt, run_at, claimed_at, deadline_at, worker_id, member_id, key, payload, created_at)
SELECT 'analysis', 'analyze_session', 1, 1, now() - interval '1 minute', now(), now() + interval '1 day', w.id, m.id, gen_random_uuid(),
       jsonb_build_object('kind', 'analyze_session', 'session_id', m.id), now() - interval '1 minute'
FROM (SELECT row_number() OVER () AS place, id FROM job_worker) AS w
JOIN bench.member m ON m.n % 8 = w.place % 8 AND m.n <= 128;
INSERT INTO job_dead (id, queue, kind, attempt, crashes, member_id, key, payload, errors, created_at, died_at, reason)
SELECT nextval('job_id_seq'), k.queue, k.kind, 10, 0, m.id, gen_random_uuid(), jsonb_build_object('kind', k.kind, 'session_id', m.id),
       jsonb_build_array(jsonb_build_object('attempt', 10, 'at', now(), 'error', 'the model was away')), died - interval '3 hours', died, 'attempts'
FROM (SELECT n, id, now() - n::float8 / :members * interval '30 days' AS died FROM bench.member WHERE n % 20 = 0) AS m
JOIN bench.kind k ON k.place = (m.n / 20) % 8;
INSERT INTO job_stat (minute, queue, kind, outcome, n, wait_ms, run_ms, most_run_ms)
SELECT minute, queue, kind, outcome, 40, 4000, 8000, 900
FROM generate_series(date_trunc('minute', now()) - interval '14 days', date_trunc('minute', now()) + interval '2 hours', '1 minute') AS minute
CROSS JOIN bench.kind CROSS JOIN (VALUES ('done'), ('retried')) AS ended (outcome);
-- A hundred and twenty days of the schedule, all done but today's sums of use.
INSERT INTO schedule_run (task, scope, period, due_at, created_at, pages, pages_done, spread, done_at)
SELECT task, scope, period, due, due, pages, pages, true, due + interval '4 minutes'
FROM (
    SELECT 'aggregate_weeks' AS task, zone || ' ' || week_start AS scope, period::date, period + interval '7 days' AS due, 200 AS pages
    FROM (SELECT DISTINCT zone, week_start FROM member) AS calendar
    CROSS JOIN generate_series(date_trunc('week', current_date) - interval '17 weeks', date_trunc('week', current_date) - interval '1 week', '7 days') AS monday
    CROSS JOIN LATERAL (VALUES (monday - CASE WHEN week_start = 'sunday' THEN interval '1 day' ELSE interval '0' END)) AS first (period)
    UNION ALL
    SELECT 'aggregate_months', zone, period::date, period + interval '1 month', 200
    FROM (SELECT DISTINCT zone FROM member) AS calendar
    CROSS JOIN generate_series(date_trunc('month', current_date) - interval '4 months', date_trunc('month', current_date) - interval '1 month', '1 month') AS period
    UNION ALL
    SELECT task, '', period::date, period + interval '2 hours', 1
    FROM (VALUES ('reconcile_members'), ('purge_expired'), ('sum_use')) AS round (task)
    CROSS JOIN generate_series(current_date - 120, current_date, '1 day') AS period
    WHERE task <> 'sum_use' OR period < current_date
) AS runs;

-- step pushes
SET LOCAL session_replication_role = replica;
SELECT bench.leave_keys(ARRAY['push_outbox'::regclass, 'push_attempt', 'device']);
INSERT INTO device (member_id, device_id, platform, channel, address_kind, environment, address, nonce, key_version, address_hash,
                    registered_at, seen_at)
SELECT id, gen_random_uuid(), (ARRAY['ios', 'android', 'web'])[1 + n % 3], (ARRAY['apns', 'fcm', 'web_push'])[1 + n % 3],
       (ARRAY['apns_token', 'fcm_token', 'web_push'])[1 + n % 3], 'production', decode(md5(n::text) || md5('a' || n), 'hex'),
       decode(substr(md5('n' || n), 1, 24), 'hex'), 1, decode(md5('h' || n), 'hex'), came, current_date - (n % 30)
FROM bench.member WHERE n % 5 <> 0;
-- A week of them, and the next one's that are planned.
INSERT INTO push_outbox (member_id, delivery_id, kind, period, device_id, channel, state, reason, due_at, next_at, expires_at, tries, created_at,
                         settled_at)
SELECT m.id, gen_random_uuid(), 'weekly', date_trunc('week', current_date) - interval '7 days', m.id, (ARRAY['apns', 'fcm', 'web_push'])[1 + m.n % 3],
       state, CASE state WHEN 'dropped' THEN 'read' END, due, due, due + interval '1 day', 1, due - interval '1 day',
       CASE WHEN state <> 'waiting' THEN due + interval '2 seconds' END
FROM (
    SELECT n, id, now() + interval '1 day' - n * 7919::bigint % :members / :members::float8 * interval '8 days' AS due, n % 50 = 0 AS late
    FROM bench.member
) AS m
CROSS JOIN LATERAL (VALUES (CASE WHEN due > now() - interval '1 minute' OR late AND due > now() - interval '1 day' THEN 'waiting'
                                 WHEN n % 40 = 0 THEN 'dropped' ELSE 'sent' END)) AS now_is (state)
ORDER BY due;
INSERT INTO push_attempt (member_id, delivery_id, try, channel, outcome, reason, status, took_ms, late_ms, at)
SELECT member_id, delivery_id, 1, channel, CASE WHEN state = 'sent' THEN 'delivered' ELSE 'gone' END,
       CASE WHEN state = 'sent' THEN 'taken' ELSE 'unregistered' END, 200, (random() * 200)::integer, (random() * 3000)::integer, settled_at
FROM push_outbox WHERE settled_at IS NOT NULL ORDER BY settled_at;
SELECT bench.make_keys();

-- step erasures
SET LOCAL session_replication_role = replica;
INSERT INTO erasure (erasure_id, member_id, host_id, member_hash, reference_hash, asked_by, state, requested_at, rows_deleted_at,
                     key_destroyed_at, verified_at, done_at)
SELECT gen_random_uuid(), CASE WHEN open THEN id END, '00000000-0000-7000-8000-00000000b0b0', decode(md5(n::text), 'hex'),
       decode(md5('r' || n), 'hex'), 'member', CASE WHEN open THEN 'requested' ELSE 'done' END, at, CASE WHEN NOT open THEN at + interval '5 seconds' END,
       CASE WHEN NOT open THEN at + interval '6 seconds' END, CASE WHEN NOT open THEN at + interval '7 seconds' END,
       CASE WHEN NOT open THEN at + interval '8 seconds' END
FROM (SELECT n, id, now() - n::float8 / :members * interval '400 days' AS at, n <= 500 AS open FROM bench.member WHERE n % 100 = 0) AS each;
INSERT INTO erasure_store (erasure_id, store, rows_found, rows_deleted, rows_left)
SELECT erasure_id, 'store_' || n, 12, 12, 0 FROM erasure CROSS JOIN generate_series(1, 30) AS n WHERE state = 'done';
INSERT INTO receipt (number, deed_id, kind, body, signature, issued_at)
SELECT row_number() OVER (ORDER BY done_at), erasure_id, 'erasure', '{}', '\x00', done_at FROM erasure WHERE state = 'done';

-- step calls of models
-- Three months of them.
SET LOCAL session_replication_role = replica;
INSERT INTO model_call (day, task_key, attempt, ordinal, task, model, prompt, input_tokens, cached_tokens, output_tokens, micro_dollars, took_ms,
                        outcome, reasons, batched)
SELECT current_date - ((:members - n)::bigint * 90 / :members)::integer, gen_random_uuid(), 1, 1, task, 'small-model', task || '/1/abcdef', 900, 600, 300, 1100, 0,
       CASE WHEN n % 20 = 0 THEN 'refused' ELSE 'taken' END, CASE WHEN n % 20 = 0 THEN '{number}'::text[] ELSE '{}' END, n % 2 = 0
FROM bench.member CROSS JOIN LATERAL (VALUES (CASE WHEN n % 5 = 0 THEN 'month' ELSE 'week' END)) AS what (task) ORDER BY n;
INSERT INTO model_spend (scope, grain, period, micro_dollars)
SELECT coalesce(task, 'all'), 'day', day, sum(micro_dollars) FROM model_call GROUP BY GROUPING SETS ((day), (day, task));
INSERT INTO model_spend (scope, grain, period, micro_dollars)
SELECT scope, 'month', date_trunc('month', period), sum(micro_dollars) FROM model_spend GROUP BY 1, 3;
INSERT INTO model_call_sum
SELECT day, task, 'paid', model, prompt, count(*), count(*) FILTER (WHERE batched), count(*) FILTER (WHERE outcome = 'taken'),
       count(*) FILTER (WHERE outcome = 'refused'), 0, sum(input_tokens), sum(cached_tokens), sum(output_tokens), sum(micro_dollars)
FROM model_call GROUP BY day, task, model, prompt;
INSERT INTO model_refusal_sum
SELECT day, 'paid', prompt, reason, count(*) FROM model_call CROSS JOIN unnest(reasons) AS reason GROUP BY day, prompt, reason;
INSERT INTO member_spend (member_id, month, micro_dollars)
SELECT id, date_trunc('month', current_date), 1100 FROM bench.member WHERE n % 3 = 0 ORDER BY n;

-- step what was added up before
-- Periods that were added up in earlier nights: of all but the newest, which the bench has added up and times.
INSERT INTO use_period (grain, period, summed_at, took_ms)
SELECT grain, start::date, now(), 0
FROM (VALUES ('day', interval '1 day', current_date - 14), ('week', interval '7 days', date_trunc('week', current_date - 28)::date),
             ('month', interval '1 month', date_trunc('month', current_date - interval '3 months')::date)) AS g (grain, step, open)
CROSS JOIN generate_series(date_trunc(grain, date_trunc('month', current_date - interval '12 months')), open::timestamp - interval '1 day', step) AS start;
DROP TABLE bench.first, bench.said, bench.kind;
