-- L2: a hundred rows a transaction, the ceiling of any queue that deletes what is done.
DELETE FROM q WHERE id = ANY (ARRAY (SELECT id FROM q ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED));
