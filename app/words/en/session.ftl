### One session, in English.

session-title = { $feature }, { $moment }
session-nothing = There is nothing measured of this session.
session-corrected = Corrected by you. { $extent }.
session-estimate = An estimate from your own words. { $extent }.
session-undo = Take my correction back
session-correct-title = Not quite?
session-correct-note = You know better than any estimate. What you choose here counts in its place, until you take it back.
session-rather = This session was rather
session-most = What showed most
session-as-measured = As it was measured
session-let-count = Let this count
