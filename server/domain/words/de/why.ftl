### »Warum sehe ich das?« auf Deutsch. Die Teile stehen in cards.ftl.

why-counted = { $sessions ->
    [one] { $sessions } Sitzung { of-the-period } wurde gezählt, mit { $turns ->
        [one] { $turns } Beitrag
       *[other] { $turns } Beiträgen
    } von dir, an { days }.
   *[other] { $sessions } Sitzungen { of-the-period } wurden gezählt, mit { $turns ->
        [one] { $turns } Beitrag
       *[other] { $turns } Beiträgen
    } von dir, an { days }.
}
why-counted-none = In { this-period } wurde keine Sitzung gezählt.
why-left-out = Sitzungen, die du ausgelassen hast, sind nicht dabei.
why-alone = Es geht nur um { $grain ->
    [month] diesen Monat
   *[week] diese Woche
}; verglichen wurde mit nichts.
why-baseline = Verglichen wurde mit { baseline }: nur { periods } mit genug Sitzungen zählen.
why-enough = Genug heißt: sieben Sitzungen, an vier Tagen oder mehr.
why-back = Verglichen wurde mit allen { $back } { periods-dative } davor.
why-together = Gesucht wurde danach in { together } zugleich.
why-range = Wie sicher: Ein so gebildeter Bereich enthält den wahren Wert in etwa 19 von 20 Fällen. Hier reicht er von { $low } bis { $high }.
why-expected = Wie sicher: Nach den { periods-dative } davor war ein Wert zwischen { $low } und { $high } zu erwarten.
why-few = Wie sicher: Bei so wenigen Sitzungen lässt sich wenig sagen. Mit mehr davon wäre es sicherer.
why-count = Wie sicher: Das ist eine Zählung dessen, was gemessen wurde.
why-no-range = Wie sicher: Für diesen Wert gibt es keinen Bereich, weil zu wenig davon aufgehoben wird.
why-tested = { $tested ->
    [one] Es wurde ein Vergleich gemacht.
   *[other] Es wurden { $tested } Vergleiche zugleich gemacht, und dafür wurde die Schwelle höher gelegt: Von genannten Unterschieden kann etwa einer von zwanzig Zufall sein.
}
why-estimate = Gefühle werden aus Worten geschätzt und können danebenliegen. Eine Korrektur von dir zählt sofort.
why-template = Die Worte stammen aus einer Vorlage ({ $revision }). Kein Modell hat sie geschrieben.
why-model = Die Worte hat ein Modell gewählt ({ $model }, Prompt { $prompt }). Die Zahlen wurden vorher berechnet.
share-of = { $count } von { $n }
