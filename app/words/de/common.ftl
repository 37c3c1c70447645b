### Was allen Seiten gemeinsam ist, auf Deutsch. Eine Datei je Seite; docs/language.md sagt, wie ein Satz dazukommt.
### Zahlen mit Komma kommen fertig geschrieben; Leerzeichen, an denen nicht umbrochen werden darf, stehen als solche da.

## Das Blatt um eine Seite

page-description = Was deine Sitzungen zusammen ergeben, in einfachen Worten und Zahlen.
page-skip = Zum Inhalt
page-estimates = Gefühle sind hier aus deinen eigenen Worten geschätzt. Das kann danebenliegen, und du kannst jede Sitzung auslassen.
page-your-data = Deine Daten
page-sign-out = Abmelden
page-back = Zurück
page-back-to-week = Zurück zur Woche
page-more = Mehr
page-newest-week = Zu deiner neuesten Woche
page-try-again = Noch einmal versuchen
page-read-only = Im Augenblick lässt sich hier alles lesen und nichts ändern.
page-look-again = Noch einmal nachsehen
page-sessions = Sitzungen
page-example = Beispiel
figure-none = keine
figure-touch = Berühre eine Marke, um sie zu lesen.
figure-numbers = Die Zahlen dazu

## Namen

language-own-name = Deutsch
family = { $family ->
    [joy] Freude
    [interest] Interesse
    [hope] Hoffnung
    [warmth] Wärme
    [calm] Ruhe
    [worry] Sorge
    [anger] Ärger
    [sadness] Traurigkeit
    [regret] Bedauern
   *[other] Gefühl
}
family-inside = { $family ->
    [joy] Freude
    [interest] Interesse
    [hope] Hoffnung
    [warmth] Wärme
    [calm] Ruhe
    [worry] Sorge
    [anger] Ärger
    [sadness] Traurigkeit
    [regret] Bedauern
   *[other] Gefühl
}
quadrant = { $quadrant ->
    [high_unpleasant] Viel Energie, unangenehm
    [high_pleasant] Viel Energie, angenehm
    [low_pleasant] Wenig Energie, angenehm
    [low_unpleasant] Wenig Energie, unangenehm
   *[other] Auf der Fläche
}
quadrant-inside = { $quadrant ->
    [high_unpleasant] viel Energie, unangenehm
    [high_pleasant] viel Energie, angenehm
    [low_pleasant] wenig Energie, angenehm
    [low_unpleasant] wenig Energie, unangenehm
   *[other] auf der Fläche
}
feature = { $feature ->
    [mirror] Mirror
    [turn] Turn
    [lens] Lens
   *[other] Sitzung
}

## Skalen

scale-pleasant = angenehm
scale-unpleasant = unangenehm
scale-between = dazwischen
scale-high-energy = viel Energie
scale-low-energy = wenig Energie
scale-sessions = Sitzungen

## Anzahlen

percent = { $share } %
list = { $head } und { $last }
# Bis zwölf in Buchstaben, darüber in Ziffern; die zweite beginnt einen Satz. Weiblich, wie die Sitzung.
number-word = { $n ->
    [0] keine
    [1] eine
    [2] zwei
    [3] drei
    [4] vier
    [5] fünf
    [6] sechs
    [7] sieben
    [8] acht
    [9] neun
    [10] zehn
    [11] elf
    [12] zwölf
   *[other] { $n }
}
Number-word = { $n ->
    [0] Keine
    [1] Eine
    [2] Zwei
    [3] Drei
    [4] Vier
    [5] Fünf
    [6] Sechs
    [7] Sieben
    [8] Acht
    [9] Neun
    [10] Zehn
    [11] Elf
    [12] Zwölf
   *[other] { $n }
}
count-sessions = { $n ->
    [one] { $n } Sitzung
   *[other] { $n } Sitzungen
}
