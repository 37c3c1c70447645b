-- What the team's pages and the nightly sums read from end to end, though it grows with members and events, they find by an index or as
-- a sum (docs/speed.md has what was measured, and what is left).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- The days of a sum. Events lie in the order in which they came in, so a small index leads to a day: 32 KiB for a month of four
-- million. The key, which the member leads, was read whole for every day.
CREATE INDEX product_event_day ON product_event USING brin (day);

-- How many devices a channel has.
CREATE INDEX device_channel ON device (channel);

-- The erasures that were done last.
CREATE INDEX erasure_done ON erasure (done_at) WHERE state = 'done';

RESET ROLE;
