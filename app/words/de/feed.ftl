### Der Rückblick und die Monate, auf Deutsch. Was eine Karte sagt, steht anderswo: server/domain/words.

feed-title = Rückblick
feed-newest = Neueste Woche
feed-older = Frühere Wochen
feed-months = Monate
feed-all-months = Alle Monate
feed-weeks = Wochen
feed-this-week = Diese Woche in Zahlen
feed-nothing-before = Aus der Zeit vor dieser Woche gibt es nichts.
feed-nothing-yet = Wenn eine Woche von dir zu Ende ist, steht hier, was sie zusammen ergibt: zwei bis fünf Karten, jede mit dem, worauf sie beruht.

## Eine Karte

card-changed = Geändert am { $day }, weil sich die Zahlen dahinter geändert haben.
card-refreshed = Erneuert am { $day }: Nachdem dies geschrieben war, kamen Sitzungen dazu, wurden berichtigt oder ausgelassen.
card-why = Warum sehe ich das?
card-numbers = Zu den Zahlen
card-rests = { $sessions ->
    [one] { $sessions } Sitzung
   *[other] { $sessions } Sitzungen
} · { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
} · { $tier ->
    [enough] deutlich
    [some] vorläufig
   *[few] zu wenig zum Vergleichen
}
card-by-template = Aus einer Vorlage ({ $revision })
card-by-model = In Worte gefasst von einem Modell ({ $model }, { $prompt })
card-made = { $by }, am { $day }, nach den Summen dieses Zeitraums (Fassung { $version }){ $earlier ->
    [0] .
    [one] {" "}und eines Zeitraums davor.
   *[other] {" "}und von { $earlier } Zeiträumen davor.
}
card-verdict = { $verdict ->
    [useful] Hilfreich
    [not_quite] Nicht ganz
   *[wrong] Falsch
}
card-verdicts = Was hältst du von dieser Karte?

## Ein Monat

month-label = Der Monat
month-nothing = Von diesem Monat wird nichts erzählt: Er ist noch nicht zu Ende, oder keine Sitzung daraus zählt.
month-cards = Karte für Karte
month-none-yet = Wenn ein Monat von dir zu Ende ist, steht hier sein Text.
