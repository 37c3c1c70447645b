-- A prompt puts findings into words only under a label, and gets the label only after people have judged what it writes, blind
-- (docs/review.md). What is judged is about made-up members, so nothing in here is about anybody.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- Append only: the newest row is where a label is, the one before it where a rollback leads.
CREATE TABLE prompt_label (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    language text NOT NULL,
    label text NOT NULL CHECK (label IN ('production', 'candidate')),
    number integer, -- nothing: the label was taken away
    sha256 bytea,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL, -- a person or a role of the team
    CHECK ((number IS NULL) = (sha256 IS NULL))
);
CREATE INDEX prompt_label_newest ON prompt_label (name, language, label, change_id DESC);

-- Texts of one revision in one language beside what is used now.
CREATE TABLE review_batch (
    batch_id uuid PRIMARY KEY,
    name text NOT NULL,
    number integer NOT NULL,
    sha256 bytea NOT NULL,
    language text NOT NULL,
    model text NOT NULL, -- that wrote the candidate's texts
    baseline text NOT NULL, -- what wrote the others: a template's revision, or a prompt's
    seed bigint NOT NULL, -- of sides and order
    refused jsonb NOT NULL, -- texts that the guard refused, by reason: nobody judges them
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    record jsonb, -- what it came to, once it is closed: members may see it
    CHECK ((closed_at IS NULL) = (record IS NULL))
);
CREATE INDEX review_batch_revision ON review_batch (name, number, language);

CREATE TABLE review_pair (
    pair_id uuid PRIMARY KEY,
    batch_id uuid NOT NULL REFERENCES review_batch,
    facts jsonb NOT NULL, -- what both texts rest on
    candidate jsonb NOT NULL,
    baseline jsonb NOT NULL
);
CREATE INDEX review_pair_batch ON review_pair (batch_id);

-- One look of a reviewer's at a pair; it is never changed.
CREATE TABLE review_judgement (
    pair_id uuid NOT NULL REFERENCES review_pair,
    staff_id uuid NOT NULL REFERENCES staff,
    showing smallint NOT NULL CHECK (showing IN (1, 2)),
    left_arm text NOT NULL CHECK (left_arm IN ('candidate', 'baseline')),
    choice text NOT NULL CHECK (choice IN ('left', 'right', 'equal')),
    left_unfit boolean NOT NULL,
    right_unfit boolean NOT NULL,
    seconds integer NOT NULL, -- from being shown to being judged
    judged_at timestamptz NOT NULL,
    PRIMARY KEY (pair_id, staff_id, showing)
);

-- Points that a reviewer gave one text of a pair.
CREATE TABLE review_score (
    pair_id uuid NOT NULL REFERENCES review_pair,
    arm text NOT NULL CHECK (arm IN ('candidate', 'baseline')),
    staff_id uuid NOT NULL REFERENCES staff,
    points smallint[] NOT NULL CHECK (cardinality(points) = 8 AND 0 <= ALL (points) AND 2 >= ALL (points)),
    scored_at timestamptz NOT NULL,
    PRIMARY KEY (pair_id, arm, staff_id)
);

GRANT SELECT ON prompt_label TO spectrum_worker, spectrum_web;
GRANT SELECT ON review_batch TO spectrum_web;
GRANT SELECT ON review_batch, review_pair TO spectrum_staff;
GRANT SELECT, INSERT ON review_judgement, review_score TO spectrum_staff;

RESET ROLE;
