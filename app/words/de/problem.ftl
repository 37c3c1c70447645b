### Seiten für den Fall, dass etwas nicht ist, wie es sein soll, auf Deutsch: was war, was blieb, wie es weitergeht.

problem-not-found = Hier ist keine Seite.
problem-not-found-why = Vielleicht wurde die Adresse unterwegs abgeschnitten.
problem-nothing-missing = Von deinen Daten fehlt nichts.
problem-signed-out = Du bist abgemeldet.
problem-signed-out-why = Eine Anmeldung endet nach einer Weile von selbst, damit niemand mitliest, der dieses Gerät in der Hand hat.
problem-signed-out-kept = Nichts ging verloren, nichts wurde geändert.
problem-signed-out-back = Wenn du Spectrum das nächste Mal öffnest, öffnet es sich auf dieser Seite.
problem-signed-out-next = Öffne Spectrum noch einmal aus der App, dann bist du wieder angemeldet.
problem-bad-week = Diese Woche gibt es nicht.
problem-bad-week-why = Eine Woche heißt nach Jahr und Nummer, etwa 2026-W47. Die meisten Jahre haben 52 davon.
problem-held-out = Deine Wochen werden hier noch nicht gezeigt.
problem-held-out-why = Spectrum wird erprobt, und das Los entscheidet, wer es schon sieht, damit sich zeigt, ob es hilft. Im Moment gehörst du zu denen, die es nicht sehen. Das Los weiß nichts von dem, was du schreibst.
problem-held-out-kept = Es fehlt nichts: Deine Sitzungen bleiben so, wie du es gewählt hast, und du kannst sie ansehen, berichtigen, mitnehmen oder löschen.
problem-held-out-next = Zu deinen Einstellungen
problem-for-members = Diese Seite gehört einem Mitglied.
problem-for-members-why = Du bist als Teil des Produktteams angemeldet. Das Team sieht Zahlen, nie die Sitzungen einer Person.
problem-nothing-shown = Nichts wurde gezeigt, nichts wurde geändert.
problem-for-members-next = Zur Seite des Teams
problem-for-staff = Diese Seite ist für die Menschen, die Spectrum betreiben.
problem-for-staff-why = Du bist als Mitglied angemeldet. Deine eigenen Seiten sind, wo sie waren.
problem-staff-signed-out-why = Melde dich mit deinem Konto der Arbeit an, dann geht es weiter.
problem-staff-signed-out-members = Mitglieder finden ihre eigenen Seiten in der App.
problem-staff-signed-out-next = Anmelden
problem-other-role = Diese Seite gehört zu einer anderen Rolle.
problem-other-role-why = Du bist angemeldet, aber deine Rolle umfasst sie nicht.
problem-other-role-next = Die nötige Rolle vergibt, wer Spectrum betreibt.
problem-broken = Diese Seite ließ sich nicht zusammenstellen.
problem-broken-why = Auf unserer Seite hat etwas nicht geantwortet.
problem-broken-kept = Nichts ging verloren, nichts wurde geändert. Du kannst es in einer Minute noch einmal versuchen.
problem-bad-span = Diesen Zeitraum gibt es nicht.
problem-bad-span-why = Ein Zeitraum heißt zum Beispiel 2026-W47, 2026-11, 2026-Q4, 2026 oder 28-days.

offline-title = Offline
offline = Gerade ist kein Netz da.
offline-why = Deine Seiten kommen vom Server und werden ohne ihn nicht gezeigt.
offline-kept = Nichts ging verloren, nichts hat sich geändert.
