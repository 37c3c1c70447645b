### Seiten vor der Anwendung, auf Deutsch: zu viele Anfragen, zu viel zu tun, von anderswo geschickt, kaputt.

refusal-too-quick = Etwas zu schnell
refusal-too-quick-why = Das war mehr, als wir auf einmal beantworten können. Bitte versuch es { $wait } noch einmal.
refusal-busy = Gerade sehr viel los
refusal-busy-why = Wir konnten nicht rechtzeitig antworten. Bitte versuch es { $wait } noch einmal.
refusal-elsewhere = Das kam von woanders
refusal-elsewhere-why = Zu deiner Sicherheit nehmen wir nur an, was von unseren eigenen Seiten kommt. Nichts wurde geändert.
refusal-signed-out = Du bist abgemeldet
refusal-signed-out-why = Öffne Spectrum noch einmal aus der App, um dich anzumelden. Nichts ist verloren oder verändert.
refusal-nothing = Hier ist nichts
refusal-nothing-why = Die Adresse wurde vielleicht unterwegs abgeschnitten. Von dir fehlt nichts.
refusal-broken = Hier ist etwas schiefgegangen
refusal-broken-why = Das ist unser Fehler, nicht deiner. Nichts, was du geschrieben hast, ist verloren. Bitte versuch es { $wait } noch einmal.
refusal-soon = in einem Augenblick
refusal-seconds = { $seconds ->
    [one] in einer Sekunde
   *[other] in { $seconds } Sekunden
}
refusal-back = Zurück zu Spectrum
refusal-read-only = Gerade lässt sich nichts ändern
refusal-read-only-why = An Spectrum wird gerade gearbeitet. Alles ist noch da und lässt sich lesen; was du eben geschickt hast, wurde nicht aufgenommen. Versuch es in ein paar Minuten noch einmal.
