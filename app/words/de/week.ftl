### Die Woche, auf Deutsch. Erst die Zahl, dann das Wort; »neigte«, wo geschätzt wird; Vergangenheit für das Gezählte. Kein Lob,
### kein Rat, keine Diagnose. Unangenehm ist Wetter, kein Versagen.

week-name = Woche { $week }, { $year }
week-moment = { $day }, { $clock }
week-weeks = Wochen
week-previous = Vorige Woche, { $week }
week-next = Nächste Woche, { $week }
week-feed = Was auffiel, Woche für Woche
week-months = Monate
week-patterns = Muster dieser Woche

## Der Kopf

week-not-here = Nichts wurde geändert: Diese Sitzung liegt nicht in dieser Woche.
week-nothing-yet = Hier ist noch nichts.
week-nothing-yet-more = Sobald du in dieser Woche Sitzungen hattest, zeigt diese Seite, wo sie zwischen unangenehm und angenehm, wenig und viel Energie lagen und welche Gefühle darin waren.
week-no-sessions = Keine Sitzungen in dieser Woche.
week-no-sessions-more = Es gibt nichts zu zeigen, und es fehlt nichts.
week-all-left-out = Alle Sitzungen dieser Woche sind ausgelassen, darum gibt es nichts zu zeigen.
week-all-left-out-more = Nimm unten eine wieder auf, und die Seite zählt sie sofort.
week-all-pending = Deine Sitzungen werden gelesen.
week-all-pending-more = Sobald das geschehen ist, zeigt diese Seite, was sie zusammen ergeben.
week-nothing-measured = Es gab zu wenig zu messen.
week-nothing-measured-more = Es gab Sitzungen in dieser Woche, aber in keiner waren genug eigene Worte von dir, um sie zu zählen.
week-other-languages = Diese Sprache können wir noch nicht messen.
week-other-languages-more = Es gab Sitzungen in dieser Woche, in einer Sprache, deren Gefühle wir noch nicht schätzen können. Sie bleiben, wie sie sind.
week-withheld = In dieser Woche gibt es keine Zahlen.
week-withheld-more = Deine Sitzungen bleiben, wie sie sind.
week-few = Bisher { number-word } { $n ->
    [one] Sitzung
   *[other] Sitzungen
}.
week-few-more = Ein Bild deiner Woche beginnt bei drei.
week-below-days = Eine Mitte der Woche braucht Sitzungen an vier Tagen oder mehr.
week-below-sessions = Das sind bisher { number-word } { $n ->
    [one] Sitzung
   *[other] Sitzungen
}; eine Mitte der Woche braucht sieben, an vier Tagen oder mehr.
week-lean-pleasant-high = Deine Woche neigte zum Angenehmen, mit viel Energie.
week-lean-pleasant-low = Deine Woche neigte zum Angenehmen, mit wenig Energie.
week-lean-unpleasant-high = Deine Woche neigte zum Unangenehmen, mit viel Energie.
week-lean-unpleasant-low = Deine Woche neigte zum Unangenehmen, mit wenig Energie.
week-lean-pleasant = Deine Woche neigte zum Angenehmen.
week-lean-unpleasant = Deine Woche neigte zum Unangenehmen.
week-lean-high = Deine Woche neigte zu viel Energie.
week-lean-low = Deine Woche neigte zu wenig Energie.
week-lean-neither = Deine Woche neigte zu keiner Seite klar.
week-close-energy = Ob eher viel oder eher wenig Energie darin war, ist zu knapp, um es zu sagen.
week-close-valence = Ob sie eher angenehm oder eher unangenehm war, ist zu knapp, um es zu sagen.
week-close-both = Eher angenehm oder unangenehm, eher viel oder wenig Energie: Beides ist zu knapp, um es zu sagen.
week-before-none = Die Woche davor hat keine Sitzungen zum Vergleichen.
week-before-few = Die Woche davor hat { number-word } { $n ->
    [one] Sitzung
   *[other] Sitzungen
}: zu wenig zum Vergleichen.
week-before-same = Von der Woche davor ist diese Woche nicht zu unterscheiden.
week-before-one = Sie war { $step } als die Woche davor.
week-before-two = Sie war { $valence } und { $arousal } als die Woche davor.
week-versions-differ = Diese Woche und die Woche davor wurden von verschiedenen Fassungen gemessen; ein Teil eines Unterschieds kann daher kommen.
week-coverage = { $sessions ->
    [one] { $sessions } Sitzung
   *[other] { $sessions } Sitzungen
} an { $days ->
    [one] { $days } Tag
   *[other] { $days } Tagen
}
week-left-out = { $n } ausgelassen
week-foreign = { $n } in einer Sprache, die wir noch nicht messen können
week-not-measured = { $n } nicht gemessen
week-pending = { $n ->
    [one] Eine Sitzung wird gelesen. In einer Minute ist sie auf dieser Seite dabei.
   *[other] { Number-word } Sitzungen werden gelesen. In einer Minute sind sie auf dieser Seite dabei.
}

## Die Fläche

week-plane-title = Wo deine Sitzungen lagen
week-plane-few = Jedes Zeichen ist eine Sitzung, dort, wo ihre Worte gemessen wurden.
week-plane-sides = { $valence } von { $n } Sitzungen lagen auf der { $side ->
    [pleasant] angenehmen
   *[unpleasant] unangenehmen
} Seite, { $energy } von { $n } auf der Seite mit { $level ->
    [high] viel
   *[low] wenig
} Energie.
week-plane-middle = Mitte der Woche: angenehm { $valence } ± { $valence_reach }, Energie { $arousal } ± { $arousal_reach }, jeweils zwischen −1 und 1. Das Kreuz und sein Oval zeigen, wie weit das danebenliegen kann.
week-plane-this = diese Woche
week-plane-before = Woche davor
week-plane-caption = Wie angenehm und mit wie viel Energie jede Sitzung war, von −1 bis 1
week-plane-session = Sitzung
week-plane-pleasantness = Angenehm
week-plane-energy = Energie
week-plane-row-middle = Mitte der Woche
week-plane-row-before = Mitte der Woche davor

## Die Tage

week-days-title = Wie die Tage waren
week-days-one = Alle Sitzungen lagen am { $day }.
week-days-apart = Von den { number-word } Tagen mit Sitzungen lag die Mitte am { $most } am angenehmsten, am { $least } am wenigsten.
week-days-level = Die { number-word } Tage mit Sitzungen lagen gleichauf.
week-days-note = Ein Balken reicht von der am wenigsten zur am meisten angenehmen Sitzung eines Tages, der Strich ist die mittlere.
week-days-note-hatched = Ein Balken reicht von der am wenigsten zur am meisten angenehmen Sitzung eines Tages, der Strich ist die mittlere. Schraffierte Balken beruhen auf nur zwei Sitzungen.
week-days-caption = Wie angenehm jeder Tag war, von −1 bis 1
week-days-day = Tag
week-days-least = Von
week-days-middle = Mitte
week-days-most = Bis

## Die Gefühle

week-mix-title = Welche Gefühle sich zeigten
week-mix-none = In diesen { number-word } { $n ->
    [one] Sitzung
   *[other] Sitzungen
} fiel kein Gefühl auf.
week-mix-one = Am häufigsten zeigte sich { $families }: in { $most } von { $of } Sitzungen.
week-mix-several = Am häufigsten zeigten sich { $families }: in je { $most } von { $of } Sitzungen.
week-mix-many = { Number-word } Gefühle zeigten sich gleich oft: in je { $most } von { $of } Sitzungen.
week-mix-breadth = { $n ->
    [one] Eines
   *[other] { Number-word }
} von neun Gefühlen zeigte{ $n ->
    [one] {""}
   *[other] n
} sich mindestens einmal.
week-mix-note = Eine Sitzung kann mehrere Gefühle enthalten oder keines, darum ergeben die Anteile nicht unbedingt 100 %.
week-mix-caption = In wie vielen Sitzungen sich ein Gefühl zeigte
week-mix-feeling = Gefühl
week-mix-share = Anteil
week-mix-home = Zu Hause bei
week-mix-count = { $count } von { $of }

## Beispiele

week-example-title = So könnte eine Woche aussehen
week-example-takeaway = Jedes Zeichen ist eine Sitzung; der Punkt im Oval ist die Mitte der Woche. Diese Zahlen sind ausgedacht.
week-example-note = Du kannst jede Sitzung aus deinem Bild auslassen und wieder aufnehmen. Gelöscht wird dabei nichts.
week-paid-ago = vor zwölf Wochen
week-paid-now = jetzt

## Die Liste

week-list-note = Lass aus, was nicht zählen soll. Gelöscht wird nichts, und wieder aufgenommen ergibt es dieselben Zahlen.
week-list-day = { $day } { $clock }
week-session-left-out = Ausgelassen
week-session-open = Noch offen. Sie wird gelesen, wenn sie endet.
week-session-ended = Wird gelesen.
week-session-withheld = Aus deinem Bild herausgehalten.
week-session-reset = Von dir gelöscht: Was daran gemessen wurde, ist weg.
week-session-language = Nicht gemessen: in einer Sprache, die wir noch nicht messen können.
week-session-not-prose = Nicht gemessen: eingefügter Text, nicht deine eigenen Worte.
week-session-text-gone = Nicht gemessen: Ihr Text wird nicht mehr aufgehoben.
week-session-no-words = Nicht gemessen: zu wenig eigene Worte von dir.
week-session-no-feeling = Kein Gefühl fiel auf
week-session-extent = { $turns ->
    [one] { $turns } Beitrag
   *[other] { $turns } Beiträge
}, { $words ->
    [one] { $words } Wort
   *[other] { $words } Wörter
}
week-session-skipped = { $n ->
    [one] { $n } Beitrag
   *[other] { $n } Beiträge
} nicht gemessen
week-session-corrected = Von dir berichtigt
week-session-not-quite = Nicht ganz?
week-session-name = { $label } { $feature }, { $moment }
week-leave-out = Auslassen
week-leave-out-name = Auslassen: { $feature }, { $moment }
week-leaving-out = Wird ausgelassen …
week-take-in = Wieder aufnehmen
week-take-in-name = Wieder aufnehmen: { $feature }, { $moment }
week-taking-in = Wird aufgenommen …
week-change-failed = Nichts wurde geändert. Prüf deine Verbindung und versuch es noch einmal.

## Was ein Formular getan hat

said-left-out = Ausgelassen.
said-taken-in = Wieder aufgenommen.
said-corrected = Berichtigt: Von jetzt an zählt dein Wort.
said-correction-back = Zurückgenommen: Es zählt wieder, was gemessen wurde.
said-still = Weiterhin { $n ->
    [one] zählt { count-sessions }
   *[other] zählen { count-sessions }
}.
said-was = Vorher { count-sessions }, jetzt { $now }.
said-too-few = Für eine Mitte der Woche ist das zu wenig.
said-stayed = Die Mitte der Woche blieb, wo sie war.
said-moved-one = Die Mitte der Woche ist jetzt { $step }.
said-moved-two = Die Mitte der Woche ist jetzt { $valence } und { $arousal }.
said-unknown = Nichts wurde geändert: Diese Sitzung ist nicht zu finden.
said-failed = Nichts wurde geändert: Auf unserer Seite hat etwas nicht geantwortet. Du kannst es noch einmal versuchen.
step-pleasant = { $size ->
    [little] etwas angenehmer
    [much] viel angenehmer
   *[some] angenehmer
}
step-unpleasant = { $size ->
    [little] etwas weniger angenehm
    [much] viel weniger angenehm
   *[some] weniger angenehm
}
step-higher = { $size ->
    [little] etwas energiereicher
    [much] viel energiereicher
   *[some] energiereicher
}
step-lower = { $size ->
    [little] etwas energieärmer
    [much] viel energieärmer
   *[some] energieärmer
}
