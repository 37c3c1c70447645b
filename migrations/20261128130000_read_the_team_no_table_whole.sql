-- The team's pages and the nightly sums read what they need and no table from end to end, also with a million members and fifty
-- million events (docs/speed.md).
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

-- The days of a sum. Events lie in the order in which they came in, so so small an index leads to a day: 32 KiB a month of four million, where the
-- key, which the member leads, was read whole for every day.
CREATE INDEX product_event_day ON product_event USING brin (day);

-- How many devices a channel has.
CREATE INDEX device_channel ON device (channel);

-- The erasures that were done last.
CREATE INDEX erasure_done ON erasure (done_at) WHERE state = 'done';

RESET ROLE;
