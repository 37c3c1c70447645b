-- The team sees what models cost, and how that compares with its budgets: sums of a ledger that names nobody.
SET LOCAL ROLE spectrum_owner;
SET LOCAL lock_timeout = '2s';

GRANT SELECT ON model_call, model_spend TO spectrum_staff;

RESET ROLE;
