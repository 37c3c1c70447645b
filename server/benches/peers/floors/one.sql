-- L1: one row a transaction, what a queue that takes and finishes jobs one by one can reach.
DELETE FROM q WHERE id = (SELECT id FROM q ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
