-- What is told of a week or month that has ended: an edition of it, its cards with their receipts, and what the member says
-- of a card. All of it is made from sums, and made again when they change (docs/insight.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE edition (
    member_id uuid NOT NULL REFERENCES member,
    grain text NOT NULL CHECK (grain IN ('week', 'month')),
    period date NOT NULL,
    published_at timestamptz NOT NULL,
    refreshed_at timestamptz, -- when the numbers last changed after it was published
    flagged integer NOT NULL, -- sessions flagged for crisis: help is shown
    told jsonb NOT NULL, -- what its cards say, in closed words: later editions prefer what was not told
    narrative jsonb, -- a month's text
    inputs_hash bytea NOT NULL, -- of all that it was made from: the same inputs are not told anew
    PRIMARY KEY (member_id, grain, period)
);

CREATE TABLE card (
    member_id uuid NOT NULL,
    card_id uuid NOT NULL, -- follows from member, period, kind and subject, so it stays when numbers change
    grain text NOT NULL,
    period date NOT NULL,
    position smallint NOT NULL,
    finding jsonb NOT NULL,
    headline text NOT NULL,
    body text NOT NULL,
    receipt jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    changed_at timestamptz, -- when it last said something else
    PRIMARY KEY (member_id, card_id),
    FOREIGN KEY (member_id, grain, period) REFERENCES edition ON DELETE CASCADE
);
CREATE INDEX card_edition ON card (member_id, grain, period);

-- A verdict outlives the card it is about: the product is judged by it. It names the kind and who wrote the words, no number.
CREATE TABLE feedback (
    member_id uuid NOT NULL REFERENCES member,
    card_id uuid NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('useful', 'not_quite', 'wrong')),
    kind text NOT NULL,
    generator text NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, card_id)
);

-- Members whose editions are not what their sums now say, and from which day on.
CREATE TABLE edition_due (
    member_id uuid PRIMARY KEY REFERENCES member,
    since date NOT NULL,
    ordered boolean NOT NULL DEFAULT false -- a job is on its way
);

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['edition', 'card', 'feedback', 'edition_due'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format($policy$
            CREATE POLICY own ON %I TO spectrum_web, spectrum_worker
                USING (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
                WITH CHECK (member_id = NULLIF(current_setting('spectrum.member_id', true), '')::uuid)
            $policy$, owned);
        EXECUTE format('CREATE POLICY system ON %I TO spectrum_system USING (true) WITH CHECK (true)', owned);
    END LOOP;
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON edition, card, edition_due TO spectrum_web, spectrum_worker;
GRANT SELECT, INSERT, DELETE ON edition, card TO spectrum_system; -- a week for many, and retention
GRANT SELECT, INSERT, UPDATE ON edition_due TO spectrum_system; -- the daily round
GRANT SELECT, INSERT, UPDATE, DELETE ON feedback TO spectrum_web;
GRANT SELECT, DELETE ON feedback TO spectrum_worker; -- export, reset and erasure
GRANT SELECT, DELETE ON feedback TO spectrum_system; -- retention

RESET ROLE;
