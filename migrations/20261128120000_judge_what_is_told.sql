-- The team judges what is told, and what models cost, by sums: a page reads some hundred rows whatever the number of members and of
-- calls, and nobody is named in them (docs/review.md, docs/llm.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- Who wrote what is told of a period: a template's revision, or a prompt's name and number. And who had, when the member first overruled
-- a session of it: it is written anew then, and perhaps by another. What was told before this was known is a template's.
ALTER TABLE edition
    ADD COLUMN told_by text NOT NULL DEFAULT 'cards@1',
    ADD COLUMN corrected_of text;
CREATE INDEX edition_published ON edition USING brin (published_at);
CREATE INDEX feedback_given ON feedback USING brin (given_at);

-- Editions by the month in which they were published (UTC), and those in whose period a session was overruled later; of members who
-- agree to be counted, made anew every night for the months that can still change.
CREATE TABLE told_sum (
    month date NOT NULL,
    grain text NOT NULL CHECK (grain IN ('week', 'month')),
    generator text NOT NULL,
    language text NOT NULL,
    editions bigint NOT NULL,
    people bigint NOT NULL,
    corrected_editions bigint NOT NULL,
    corrected_people bigint NOT NULL,
    PRIMARY KEY (month, grain, generator, language)
);

-- What members said of cards, by the month in which they did: each counted once for each generator, with what they said last.
CREATE TABLE verdict_sum (
    month date NOT NULL,
    generator text NOT NULL,
    language text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('useful', 'not_quite', 'wrong')),
    people bigint NOT NULL,
    PRIMARY KEY (month, generator, language, verdict)
);

-- Members with a session that counts in a month, and those on whom something was spent.
CREATE TABLE member_month_sum (
    month date NOT NULL,
    plan text NOT NULL CHECK (plan IN ('free', 'paid')),
    active bigint NOT NULL,
    asked_about bigint NOT NULL,
    PRIMARY KEY (month, plan)
);

-- Calls of models, added up with each that is booked: for whom is the plan of the member then, 'review' for drafts about made-up
-- members, 'unknown' where the member is gone.
CREATE TABLE model_call_sum (
    day date NOT NULL,
    task text NOT NULL CHECK (task IN ('week', 'month')),
    for_whom text NOT NULL CHECK (for_whom IN ('free', 'paid', 'review', 'unknown')),
    model text NOT NULL,
    prompt text NOT NULL,
    calls bigint NOT NULL,
    batched bigint NOT NULL,
    taken bigint NOT NULL,
    refused bigint NOT NULL,
    failed bigint NOT NULL,
    input_tokens bigint NOT NULL,
    cached_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    micro_dollars bigint NOT NULL,
    PRIMARY KEY (day, task, for_whom, model, prompt)
) WITH (fillfactor = 85);

-- Why the guard refused answers: one may be refused for several reasons.
CREATE TABLE model_refusal_sum (
    day date NOT NULL,
    for_whom text NOT NULL CHECK (for_whom IN ('free', 'paid', 'review', 'unknown')),
    prompt text NOT NULL,
    reason text NOT NULL,
    answers bigint NOT NULL,
    PRIMARY KEY (day, for_whom, prompt, reason)
) WITH (fillfactor = 85);

-- Who was to write, and why, whether or not a model was asked: the ledger knows only of those that were.
CREATE TABLE model_route_sum (
    day date NOT NULL,
    task text NOT NULL CHECK (task IN ('week', 'month')),
    tier text NOT NULL CHECK (tier IN ('template', 'small', 'large')),
    why text NOT NULL,
    texts bigint NOT NULL,
    PRIMARY KEY (day, task, tier, why)
) WITH (fillfactor = 85);

-- The ledger so far.
INSERT INTO model_call_sum
SELECT c.day, c.task, coalesce(r.for_whom, 'unknown'), c.model, c.prompt, count(*), count(*) FILTER (WHERE c.batched),
       count(*) FILTER (WHERE c.outcome = 'taken'), count(*) FILTER (WHERE c.outcome = 'refused'),
       count(*) FILTER (WHERE c.outcome = 'failed'), sum(c.input_tokens), sum(c.cached_tokens), sum(c.output_tokens),
       sum(c.micro_dollars)
FROM model_call c LEFT JOIN (SELECT batch_id, 'review' AS for_whom FROM review_batch) AS r ON r.batch_id = c.task_key
GROUP BY 1, 2, 3, 4, 5;
INSERT INTO model_refusal_sum
SELECT c.day, coalesce(r.for_whom, 'unknown'), c.prompt, reason, count(*)
FROM model_call c CROSS JOIN unnest(c.reasons) AS reason
LEFT JOIN (SELECT batch_id, 'review' AS for_whom FROM review_batch) AS r ON r.batch_id = c.task_key
GROUP BY 1, 2, 3, 4;

GRANT SELECT ON told_sum, verdict_sum, member_month_sum, model_call_sum, model_refusal_sum, model_route_sum, budget
    TO spectrum_staff;
GRANT SELECT, INSERT, DELETE ON told_sum, verdict_sum, member_month_sum TO spectrum_system;
GRANT SELECT, INSERT, UPDATE ON model_call_sum, model_refusal_sum, model_route_sum TO spectrum_worker;
GRANT SELECT, DELETE ON model_call_sum, model_refusal_sum, model_route_sum TO spectrum_system; -- retention

RESET ROLE;
