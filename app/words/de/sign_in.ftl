### Der Weg hinein und der Weg hinaus, auf Deutsch.

sign-in-title = Anmelden
sign-in-opening = Spectrum wird geöffnet
sign-in-opening-how = Wenn nichts geschieht, geht es hier weiter. Der Link gilt einmal und eine Minute lang.
sign-in-continue = Weiter
sign-in-spent = Dieser Link ist verbraucht oder abgelaufen.
sign-in-spent-why = Ein Link zu Spectrum gilt einmal und eine Minute lang, damit ihm niemand sonst folgen kann.
sign-in-spent-kept = Nichts ging verloren.
sign-in-spent-next = Öffne Spectrum noch einmal aus der App, dann bekommst du einen neuen.
sign-in-failed = Die Anmeldung hat nicht geklappt.
sign-in-failed-why = Auf unserer Seite hat etwas nicht geantwortet.
sign-in-failed-kept = Nichts ging verloren, nichts wurde geändert.
sign-in-failed-next = Öffne Spectrum in einer Minute noch einmal aus der App.
signed-out-title = Abgemeldet
signed-out = Du bist abgemeldet.
signed-out-kept = Dieses Gerät zeigt deine Seiten nicht mehr. Alles bleibt, wie es war.
signed-out-next = Öffne Spectrum aus der App, um wiederzukommen.
