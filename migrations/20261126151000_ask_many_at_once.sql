-- Many questions may be handed to a model's provider at once, for half the price and an answer within a day: editions wait until the
-- next batch, and what a batch asks is booked once, whoever is gone meanwhile (docs/llm.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- Of a batch every call is charged at its rate; and an answer may come about something that is no longer so.
ALTER TABLE model_call
    ADD COLUMN batched boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT model_call_outcome_check,
    ADD CONSTRAINT model_call_outcome_check CHECK (outcome IN ('taken', 'refused', 'failed', 'unused'));

-- Batches, from being formed to their end. They name nobody.
CREATE TABLE model_batch (
    batch_id uuid PRIMARY KEY,
    formed_at timestamptz NOT NULL,
    provider_id text, -- the provider's name of it, once it is noted that it was handed in
    handed_in_at timestamptz,
    ended_at timestamptz
);

-- What was asked, apart from whom it is about. A row goes in the transaction in which its answer is booked: none is booked twice.
CREATE TABLE model_batch_item (
    batch_id uuid NOT NULL REFERENCES model_batch ON DELETE CASCADE,
    item_id uuid NOT NULL, -- chance, and the item's name at the provider
    task text NOT NULL CHECK (task IN ('week', 'month')),
    model text NOT NULL,
    prompt text NOT NULL, -- name, number and hash
    micro_dollars bigint NOT NULL, -- most that it may cost: held back from the budgets until it is booked
    PRIMARY KEY (batch_id, item_id)
);

-- Editions that wait for a batch, or for its answer.
CREATE TABLE rephrasing (
    member_id uuid NOT NULL REFERENCES member,
    item_id uuid NOT NULL,
    grain text NOT NULL CHECK (grain IN ('week', 'month')),
    period date NOT NULL,
    inputs_hash bytea NOT NULL,
    refused text[] NOT NULL, -- why the first answer was refused, in the guard's closed words; none for the first question
    waiting_since timestamptz NOT NULL,
    considered_at timestamptz, -- when a batch was last formed that might have had room for it
    batch_id uuid,
    PRIMARY KEY (member_id, item_id),
    UNIQUE (member_id, grain, period, inputs_hash)
);
CREATE INDEX rephrasing_waits ON rephrasing (considered_at NULLS FIRST, waiting_since) WHERE batch_id IS NULL;
CREATE INDEX rephrasing_of_batch ON rephrasing (batch_id, item_id) WHERE batch_id IS NOT NULL;
ALTER TABLE rephrasing ENABLE ROW LEVEL SECURITY;
ALTER TABLE rephrasing FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON rephrasing TO spectrum_web, spectrum_worker
    USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
    WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid);
CREATE POLICY system ON rephrasing TO spectrum_system USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, DELETE ON model_batch_item TO spectrum_worker;
GRANT SELECT, DELETE ON model_batch_item TO spectrum_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON model_batch TO spectrum_system;
GRANT SELECT ON model_batch TO spectrum_staff; -- how old the oldest is
GRANT SELECT, INSERT, UPDATE, DELETE ON rephrasing TO spectrum_worker;
GRANT SELECT (member_id, item_id, waiting_since, considered_at, batch_id), UPDATE (considered_at, batch_id), DELETE
    ON rephrasing TO spectrum_system; -- which batch they go into, retention

RESET ROLE;
