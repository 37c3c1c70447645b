### Was die Seiten eines Zeitraums gemeinsam haben, auf Deutsch: wie Zeiträume heißen und was überall von ihnen gesagt wird.
### `kind` ist week, month, quarter, year oder days; `n` ist die Zahl der Tage.

## Namen

span-week-name = Woche { $week }, { $year }
span-quarter-title = { $first } – { $last } { $year }
span-subtitle = { $kind ->
    [month] Monat
    [quarter] { $n }. Quartal
    [year] Jahr
   *[days] { $n ->
        [one] { $n } Tag
       *[other] { $n } Tage
    }
}
span-noun = { $kind ->
    [week] Woche
    [month] Monat
    [quarter] Quartal
    [year] Jahr
   *[days] { $n ->
        [one] { $n } Tag
       *[other] { $n } Tage
    }
}
span-this = { $kind ->
    [week] diese Woche
    [month] dieser Monat
    [quarter] dieses Quartal
    [year] dieses Jahr
   *[days] { $n ->
        [one] dieser Tag
       *[other] diese { $n } Tage
    }
}
span-before = { $kind ->
    [week] die Woche davor
    [month] der Monat davor
    [quarter] das Quartal davor
    [year] das Jahr davor
   *[days] { $n ->
        [one] der Tag davor
       *[other] die { $n } Tage davor
    }
}
span-in-this = { $kind ->
    [week] in dieser Woche
    [month] in diesem Monat
    [quarter] in diesem Quartal
    [year] in diesem Jahr
   *[days] { $n ->
        [one] an diesem Tag
       *[other] in diesen { $n } Tagen
    }
}
span-in-before = { $kind ->
    [week] in der Woche davor
    [month] im Monat davor
    [quarter] im Quartal davor
    [year] im Jahr davor
   *[days] { $n ->
        [one] am Tag davor
       *[other] in den { $n } Tagen davor
    }
}
span-with-before = { $kind ->
    [week] mit der Woche davor
    [month] mit dem Monat davor
    [quarter] mit dem Quartal davor
    [year] mit dem Jahr davor
   *[days] { $n ->
        [one] mit dem Tag davor
       *[other] mit den { $n } Tagen davor
    }
}
# Der Anfang eines Satzes, der damit weitergeht, wo es lag.
span-your-lay = { $kind ->
    [week] Deine Woche lag
    [month] Dein Monat lag
    [quarter] Dein Quartal lag
    [year] Dein Jahr lag
   *[days] { $n ->
        [one] Dein Tag lag
       *[other] Deine { $n } Tage lagen
    }
}

## Die Leiste und die Arten von Zeiträumen

span-periods = Zeiträume
span-kinds = Arten von Zeiträumen
span-previous = Davor, { span-noun }: { $title }
span-next = Danach, { span-noun }: { $title }
span-kind = { $kind ->
    [week] Woche
    [month] Monat
    [quarter] Quartal
    [year] Jahr
   *[days] { $n } T
}
span-kind-long = { $kind ->
    [week] Woche
    [month] Monat
    [quarter] Quartal
    [year] Jahr
   *[days] { $n } T, die letzten { $n } Tage
}
span-compare = Vergleich { span-with-before }
span-alone = Nur { span-this }
place-bar = Orte
place-landscape = Landschaft
place-patterns = Muster
place-feed = Neues
place-month = Monat

## Nichts zu zeigen

span-nothing-yet = Hier ist noch nichts.
span-nothing-yet-more = Sobald du in dieser Zeit Sitzungen hattest, erscheinen sie hier: wo sie zwischen unangenehm und angenehm, wenig und viel Energie lagen und welche Gefühle darin waren.
span-no-sessions = Keine Sitzungen { span-in-this }.
span-no-sessions-more = Es gibt nichts zu zeigen, und nichts fehlt.
span-all-left-out = Alle Sitzungen { span-in-this } sind ausgelassen, also gibt es nichts zu zeigen.
span-all-left-out-more = Nimm in der Liste der Sitzungen eine wieder auf, dann zählt sie sofort.
span-all-pending = Deine Sitzungen werden gelesen.
span-all-pending-more = Sobald das getan ist, zeigt diese Seite, was sie zusammen ergeben.
span-withheld = Es gibt { span-in-this } keine Zahlen.
span-withheld-more = Deine Sitzungen bleiben, wie sie sind.
span-other-languages = Diese Sprache können wir noch nicht messen.
span-other-languages-more = Es gab Sitzungen, aber in einer Sprache, deren Gefühle wir nicht zu schätzen wissen. Sie bleiben, wie sie sind.
span-nothing-measured = Es war zu wenig zu messen.
span-nothing-measured-more = Es gab Sitzungen, aber in keiner waren genug eigene Worte von dir, um zu zählen.
span-few-over = { $sessions ->
    [1] Eine Sitzung { span-in-this }.
   *[2] Zwei Sitzungen { span-in-this }.
}
span-few-so-far = { $sessions ->
    [1] Bisher eine Sitzung.
   *[2] Bisher zwei Sitzungen.
}
span-few-more = Was Sitzungen zusammen ergeben, wird ab dreien gezeigt.

## Worauf es beruht

span-below-days = Eine Mitte braucht Sitzungen an mindestens vier Tagen.
span-below-sessions = Eine Mitte braucht sieben Sitzungen an mindestens vier Tagen; das sind { count-sessions }.
span-coverage = { count-sessions } { $days ->
    [one] an { $days } Tag
   *[other] an { $days } Tagen
}
span-coverage-left-out = { span-coverage } · { $out } ausgelassen
span-pending = { $pending ->
    [one] Eine Sitzung wird gelesen. In einer Minute zählt diese Seite sie mit.
   *[other] { $pending } Sitzungen werden gelesen. In einer Minute zählt diese Seite sie mit.
}
span-versions-differ = Diese Zeiträume sind mit verschiedenen Versionen gemessen, ein Unterschied kann also zum Teil daher kommen.
span-versions-mixed = Teile dieses Zeitraums sind mit verschiedenen Versionen gemessen, eine Veränderung darin kann also zum Teil daher kommen.

## Wohin es neigte, und wie es sich vergleicht

span-lean-both = { $valence ->
    [pleasant] { $arousal ->
        [high] { span-your-lay } eher auf der angenehmen Seite, mit viel Energie.
       *[low] { span-your-lay } eher auf der angenehmen Seite, mit wenig Energie.
    }
   *[unpleasant] { $arousal ->
        [high] { span-your-lay } eher auf der unangenehmen Seite, mit viel Energie.
       *[low] { span-your-lay } eher auf der unangenehmen Seite, mit wenig Energie.
    }
}
span-lean-valence = { $valence ->
    [pleasant] { span-your-lay } eher auf der angenehmen Seite.
   *[unpleasant] { span-your-lay } eher auf der unangenehmen Seite.
}
span-lean-arousal = { $arousal ->
    [high] { span-your-lay } eher bei viel Energie.
   *[low] { span-your-lay } eher bei wenig Energie.
}
span-lean-neither = { span-your-lay } nicht klar auf einer Seite.
span-mixed-energy = Ob die Energie mehr hoch oder niedrig war, liegt zu nah beieinander, um es zu sagen.
span-mixed-valence = Ob es mehr angenehm oder unangenehm war, liegt zu nah beieinander, um es zu sagen.
span-mixed-both = Mehr angenehm oder unangenehm, mehr oder weniger Energie: beides liegt zu nah beieinander, um es zu sagen.
span-before-none = Zum Vergleichen gibt es { span-in-before } keine Sitzungen.
span-before-few = Zum Vergleichen gibt es { span-in-before } zu wenige Sitzungen.
span-now-few = Zum Vergleichen gibt es { span-in-this } zu wenige Sitzungen.
span-cannot-tell = Ob es anders war als { span-in-before }, können wir nicht sagen.
span-differs-valence = { $valence ->
    [more] Die Mitte lag angenehmer als { span-in-before }.
   *[less] Die Mitte lag weniger angenehm als { span-in-before }.
}
span-differs-arousal = { $arousal ->
    [more] Die Mitte lag bei mehr Energie als { span-in-before }.
   *[less] Die Mitte lag bei weniger Energie als { span-in-before }.
}
span-differs-both = { $valence ->
    [more] { $arousal ->
        [more] Die Mitte lag angenehmer und bei mehr Energie als { span-in-before }.
       *[less] Die Mitte lag angenehmer und bei weniger Energie als { span-in-before }.
    }
   *[less] { $arousal ->
        [more] Die Mitte lag weniger angenehm und bei mehr Energie als { span-in-before }.
       *[less] Die Mitte lag weniger angenehm und bei weniger Energie als { span-in-before }.
    }
}

## Bilder

figure-picture = Bild (SVG)
figure-picture-of = Bild (SVG): { $title }
figure-csv = Zahlen (CSV)
figure-csv-of = Zahlen (CSV): { $title }
figure-too-few = zu wenige für eine Mitte
column-when = Wann
column-sessions = Sitzungen
column-days = Tage
column-pleasantness = Angenehm
column-energy = Energie
column-middle = Mitte
