### Eine Sitzung, auf Deutsch.

session-title = { $feature }, { $moment }
session-nothing = Von dieser Sitzung ist nichts gemessen.
session-corrected = Von dir berichtigt. { $extent }.
session-estimate = Aus deinen eigenen Worten geschätzt. { $extent }.
session-undo = Meine Berichtigung zurücknehmen
session-correct-title = Nicht ganz?
session-correct-note = Du weißt es besser als jede Schätzung. Was du hier wählst, zählt an ihrer Stelle, bis du es zurücknimmst.
session-rather = Diese Sitzung war eher
session-most = Was sich am meisten zeigte
session-as-measured = Wie es gemessen wurde
session-let-count = Das soll zählen
