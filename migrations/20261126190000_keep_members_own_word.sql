-- What a member decided on their own page stays when the host says how things stood with it: a nightly PUT must not undo a no.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

ALTER TABLE member
    ADD COLUMN model_decided boolean NOT NULL DEFAULT false, -- consent_model is the member's own word
    ADD COLUMN week_start_decided boolean NOT NULL DEFAULT false; -- so is week_start

RESET ROLE;
