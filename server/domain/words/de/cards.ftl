### Was Karten auf Deutsch sagen. Jede Fassung ist eine Überschrift und ein Text mit derselben Nummer.
### Die Angaben sind die Zahlen und Namen einer einzigen Feststellung; Zahlen mit Komma kommen fertig geschrieben.

## Teile

this-period = { $grain ->
    [month] diesem Monat
   *[week] dieser Woche
}
This-period = { $grain ->
    [month] Dieser Monat
   *[week] Diese Woche
}
your-period = { $grain ->
    [month] Dein Monat
   *[week] Deine Woche
}
the-period = { $grain ->
    [month] Der Monat
   *[week] Die Woche
}
of-the-period = { $grain ->
    [month] des Monats
   *[week] der Woche
}
periods = { $grain ->
    [month] Monate
   *[week] Wochen
}
periods-dative = { $grain ->
    [month] Monaten
   *[week] Wochen
}
# Die früheren Zeiträume, mit denen verglichen wird; steht nach »in«.
baseline = { $baseline ->
    [four] deinen letzten vier { periods-dative }
    [some-of-four] { $compared } deiner letzten vier { periods }
    [twelve] deinen letzten zwölf { periods-dative }
   *[some-of-twelve] { $compared } deiner letzten zwölf { periods }
}
# Dieser Zeitraum und die zwölf davor; steht nach »in«.
together = { $periods ->
    [13] den letzten 13 { periods-dative }
   *[other] { $periods } der letzten 13 { periods }
}
present = { $count ->
    [0] keiner
   *[other] { $count }
} von { $n } Sitzungen
present-before = { $count-before ->
    [0] keiner
   *[other] { $count-before }
} von { $n-before }
days = { $days ->
    [one] einem Tag
   *[other] { $days } Tagen
}
more-pleasant = { $size ->
    [little] etwas angenehmer
    [much] viel angenehmer
   *[some] angenehmer
}
less-pleasant = { $size ->
    [little] etwas weniger angenehm
    [much] viel weniger angenehm
   *[some] weniger angenehm
}
more-energy = { $size ->
    [little] etwas mehr Energie
    [much] viel mehr Energie
   *[some] mehr Energie
}
less-energy = { $size ->
    [little] etwas weniger Energie
    [much] viel weniger Energie
   *[some] weniger Energie
}
family = { $family ->
    [joy] Freude
    [interest] Interesse
    [hope] Hoffnung
    [warmth] Wärme
    [calm] Ruhe
    [worry] Sorge
    [anger] Ärger
    [sadness] Traurigkeit
   *[regret] Bedauern
}
family-covers = { $family ->
    [joy] Vergnügen, Begeisterung oder Stolz
    [interest] Neugier, Überraschung oder Einsicht
    [hope] Zuversicht oder ein Wunsch
    [warmth] Liebe, Fürsorge, Dank oder Bewunderung
    [calm] Erleichterung oder Zustimmung
    [worry] Angst, Nervosität oder Verwirrung
    [anger] Verdruss, Missbilligung oder Abscheu
    [sadness] Trauer oder Enttäuschung
   *[regret] Reue oder Verlegenheit
}
quadrant = { $quadrant ->
    [high_unpleasant] unangenehm, mit viel Energie
    [high_pleasant] angenehm, mit viel Energie
    [low_pleasant] angenehm, mit wenig Energie
   *[low_unpleasant] unangenehm, mit wenig Energie
}
# Was auf einer Achse liegt; steht nach »in der« oder am Anfang nach »Die«.
axis = { $axis ->
    [arousal] Energie
   *[valence] Stimmung
}
on-weekday = { $weekday ->
    [mon] montags
    [tue] dienstags
    [wed] mittwochs
    [thu] donnerstags
    [fri] freitags
    [sat] samstags
   *[sun] sonntags
}
On-weekday = { $weekday ->
    [mon] Montags
    [tue] Dienstags
    [wed] Mittwochs
    [thu] Donnerstags
    [fri] Freitags
    [sat] Samstags
   *[sun] Sonntags
}
in-daypart = { $daypart ->
    [night] nachts
    [morning] vormittags
    [afternoon] nachmittags
   *[evening] abends
}
In-daypart = { $daypart ->
    [night] Nachts
    [morning] Vormittags
    [afternoon] Nachmittags
   *[evening] Abends
}
feature = { $feature ->
    [mirror] Mirror
    [turn] Turn
   *[lens] Lens
}

## Wie viel gezählt wurde

low-data-none =
    .headline-1 = Keine Sitzung in { this-period }.
    .body-1 = Ab drei Sitzungen zeigt sich hier, was in ihnen war. Eine Mitte { of-the-period } braucht sieben, an vier Tagen oder mehr.
    .headline-2 = In { this-period } wurde nichts gezählt.
    .body-2 = Ab drei Sitzungen lässt sich zählen, was in ihnen war; sieben, an vier Tagen oder mehr, ergeben eine Mitte.
low-data-few =
    .headline-1 = { $n ->
        [one] Eine Sitzung in { this-period }.
       *[other] Zwei Sitzungen in { this-period }.
    }
    .body-1 = Ein Bild { of-the-period } beginnt bei drei.
    .headline-2 = { $n ->
        [one] Eine Sitzung wurde gezählt.
       *[other] Zwei Sitzungen wurden gezählt.
    }
    .body-2 = Zu wenig, um mehr über { $grain ->
        [month] diesen Monat
       *[week] diese Woche
    } zu sagen. Ab drei wird gezählt, was in ihnen war.
low-data-some =
    .headline-1 = { $n } Sitzungen in { this-period }.
    .body-1 = Genug, um zu zählen, was in ihnen war. Eine Mitte { of-the-period } braucht sieben, an vier Tagen oder mehr.
    .headline-2 = { the-period } beruht auf { $n } Sitzungen.
    .body-2 = Wohin sie neigten, ist bei so wenigen schwer zu sagen. Mit sieben Sitzungen, an vier Tagen oder mehr, wäre es sicherer.
low-data-days =
    .headline-1 = { $n } Sitzungen an { days }.
    .body-1 = Genug, um zu zählen, was in ihnen war. Mit Sitzungen an vier Tagen oder mehr wäre eine Mitte { of-the-period } sicherer.
    .headline-2 = Die { $n } Sitzungen fielen auf { $days ->
        [one] einen Tag
       *[other] { $days } Tage
    }.
    .body-2 = Eine Mitte { of-the-period } braucht Sitzungen an vier Tagen oder mehr.
coverage =
    .headline-1 = { $n } Sitzungen an { days }.
    .body-1 = Das ist genug, um eine Mitte { of-the-period } auszurechnen.
    .headline-2 = { your-period } beruht auf { $n } Sitzungen.
    .body-2 = Sie fielen auf { $days ->
        [one] einen Tag
       *[other] { $days } Tage
    }.
baseline-none =
    .headline-1 = Noch zu früh für einen Vergleich.
    .body-1 = { $grain ->
        [month] Keiner deiner letzten zwölf Monate
       *[week] Keine deiner letzten zwölf Wochen
    } hatte genug Sitzungen: sieben, an vier Tagen oder mehr. Verglichen wird ab vier solchen { periods-dative }.
    .headline-2 = { This-period } steht für sich.
    .body-2 = Verglichen wird ab vier { periods-dative } mit sieben Sitzungen oder mehr, an vier Tagen oder mehr. Von deinen letzten zwölf gab es das nie.
baseline-short =
    .headline-1 = Noch zu früh für einen Vergleich.
    .body-1 = { $k } deiner letzten zwölf { periods } { $k ->
        [one] hatte
       *[other] hatten
    } genug Sitzungen: sieben, an vier Tagen oder mehr. Verglichen wird ab vier solchen { periods-dative }.
    .headline-2 = { This-period } steht für sich.
    .body-2 = Verglichen wird ab vier { periods-dative } mit sieben Sitzungen oder mehr, an vier Tagen oder mehr. Von deinen letzten zwölf waren es { $k }.
counted =
    .headline-1 = Gezählt in { this-period }.
    .body-1 = Das beruht auf einer Zählung von { $n }.

## Wo es lag

level-valence-higher =
    .headline-1 = { your-period } neigte zum Angenehmen.
    .body-1 = Mitte von { $n } Sitzungen: { $mean }, zwischen −1 (unangenehm) und 1 (angenehm).
    .headline-2 = Die Sitzungen neigten zur angenehmen Seite.
    .body-2 = Die Mitte von { $n } Sitzungen war { $mean }; 0 ist weder angenehm noch unangenehm.
    .headline-3 = Die Mitte { of-the-period } lag auf der angenehmen Seite.
    .body-3 = Zusammengenommen lagen { $n } Sitzungen um { $mean }, zwischen −1, unangenehm, und 1, angenehm.
level-valence-lower =
    .headline-1 = { your-period } neigte zum Unangenehmen.
    .body-1 = Mitte von { $n } Sitzungen: { $mean }, zwischen −1 (unangenehm) und 1 (angenehm).
    .headline-2 = Die Sitzungen neigten zur unangenehmen Seite.
    .body-2 = Die Mitte von { $n } Sitzungen war { $mean }; 0 ist weder angenehm noch unangenehm.
    .headline-3 = Die Mitte { of-the-period } lag auf der unangenehmen Seite.
    .body-3 = Zusammengenommen lagen { $n } Sitzungen um { $mean }, zwischen −1, unangenehm, und 1, angenehm.
level-valence-neither =
    .headline-1 = Angenehm oder unangenehm: zu knapp, um es zu sagen.
    .body-1 = Die Mitte von { $n } Sitzungen in { this-period } war { $mean }. Mit mehr Sitzungen wäre es sicherer.
    .headline-2 = Angenehm oder unangenehm: keine klare Seite.
    .body-2 = Die Mitte von { $n } Sitzungen in { this-period } lag bei { $mean }: zu nah an 0, um eine Seite zu nennen.
    .headline-3 = Keine klare Neigung, angenehm oder unangenehm.
    .body-3 = { $n } Sitzungen in { this-period } hatten ihre Mitte bei { $mean }. Sie kann gut zwischen { $low } und { $high } liegen.
level-arousal-higher =
    .headline-1 = { your-period } neigte zu hoher Energie.
    .body-1 = Mitte von { $n } Sitzungen: { $mean }, zwischen −1 (wenig Energie) und 1 (viel Energie).
    .headline-2 = Die Sitzungen neigten zur Seite mit viel Energie.
    .body-2 = Die Mitte von { $n } Sitzungen war { $mean }; 0 ist weder wenig noch viel Energie.
    .headline-3 = Die Mitte { of-the-period } lag bei viel Energie.
    .body-3 = Zusammengenommen lagen { $n } Sitzungen um { $mean }, zwischen −1, wenig Energie, und 1, viel Energie.
level-arousal-lower =
    .headline-1 = { your-period } neigte zu niedriger Energie.
    .body-1 = Mitte von { $n } Sitzungen: { $mean }, zwischen −1 (wenig Energie) und 1 (viel Energie).
    .headline-2 = Die Sitzungen neigten zur Seite mit wenig Energie.
    .body-2 = Die Mitte von { $n } Sitzungen war { $mean }; 0 ist weder wenig noch viel Energie.
    .headline-3 = Die Mitte { of-the-period } lag bei wenig Energie.
    .body-3 = Zusammengenommen lagen { $n } Sitzungen um { $mean }, zwischen −1, wenig Energie, und 1, viel Energie.
level-arousal-neither =
    .headline-1 = Viel oder wenig Energie: zu knapp, um es zu sagen.
    .body-1 = Die Mitte von { $n } Sitzungen in { this-period } war { $mean }. Mit mehr Sitzungen wäre es sicherer.
    .headline-2 = Die Energie neigte zu keiner Seite.
    .body-2 = Zwischen wenig und viel Energie lag die Mitte von { $n } Sitzungen in { this-period } bei { $mean }: zu nah an 0, um eine Seite zu nennen.
    .headline-3 = Keine klare Neigung, viel oder wenig Energie.
    .body-3 = { $n } Sitzungen in { this-period } hatten ihre Mitte bei { $mean }. Sie kann gut zwischen { $low } und { $high } liegen.

## Was darin war

mix-family =
    .headline-1 = { family } zeigte sich in { present }.
    .body-1 = Gezählt in { this-period }. Das Wort umfasst auch { family-covers }.
    .headline-2 = { family } war Teil { of-the-period }.
    .body-2 = Das war in { present } so. Das Wort umfasst auch { family-covers }.
    .headline-3 = { family }: in { present }.
    .body-3 = So oft wurde es in { this-period } gezählt. Das Wort steht auch für { family-covers }.
    .headline-4 = Auch { family } kam in { this-period } vor.
    .body-4 = In { present } war etwas davon zu messen, etwa { family-covers }.
mix-quadrant =
    .headline-1 = { present } lagen { quadrant }.
    .body-1 = Gleich verteilt läge ein Viertel der Sitzungen { of-the-period } in dieser Ecke.
    .headline-2 = Vieles lag in { this-period } in einer Ecke.
    .body-2 = { present } lagen { quadrant }. Gleich verteilt wäre es ein Viertel.
    .headline-3 = Eine Ecke hielt viel { of-the-period }.
    .body-3 = Diese Ecke ist { quadrant }: { present } lagen dort, gleich verteilt wäre es ein Viertel.
variability =
    .headline-1 = Die { axis } wechselte zwischen den Sitzungen.
    .body-1 = Über { $n } Sitzungen in { this-period } streute sie um etwa { $sd } um ihre Mitte, auf einer Skala von −1 bis 1.
    .headline-2 = Wie weit die Sitzungen in der { axis } auseinanderlagen.
    .body-2 = Etwa { $sd } um die Mitte, über { $n } Sitzungen in { this-period }, auf einer Skala von −1 bis 1.
recovery =
    .headline-1 = Ausschläge gingen um etwa { $rate } je Beitrag zurück.
    .body-1 = Gezählt über { $n } Ausschläge der Stimmung, weg von der Mitte einer Sitzung und wieder zurück, in { this-period }.
    .headline-2 = Wie Ausschläge in Sitzungen zurückkamen.
    .body-2 = Um etwa { $rate } je Beitrag, über { $n } Ausschläge der Stimmung in { this-period }, die die Mitte einer Sitzung verließen und zurückkamen.

## Was sich geändert hat

changed-valence-higher =
    .headline-1 = { your-period } lag { more-pleasant } als sonst.
    .body-1 = Die Mitte von { $n } Sitzungen war { $mean }, gegenüber { $before } in { baseline }.
    .headline-2 = Die Sitzungen wirkten { more-pleasant } als zuvor.
    .body-2 = In { baseline } lag die Mitte bei { $before }; in { this-period }, über { $n } Sitzungen, bei { $mean }.
    .headline-3 = { This-period } lag { more-pleasant }.
    .body-3 = { $n } Sitzungen hatten ihre Mitte bei { $mean }; in { baseline } lag sie bei { $before }.
changed-valence-lower =
    .headline-1 = { your-period } lag { less-pleasant } als sonst.
    .body-1 = Die Mitte von { $n } Sitzungen war { $mean }, gegenüber { $before } in { baseline }.
    .headline-2 = Die Sitzungen wirkten { less-pleasant } als zuvor.
    .body-2 = In { baseline } lag die Mitte bei { $before }; in { this-period }, über { $n } Sitzungen, bei { $mean }.
    .headline-3 = { This-period } lag { less-pleasant }.
    .body-3 = { $n } Sitzungen hatten ihre Mitte bei { $mean }; in { baseline } lag sie bei { $before }.
changed-arousal-higher =
    .headline-1 = { your-period } hatte { more-energy } als sonst.
    .body-1 = Die Mitte von { $n } Sitzungen war { $mean }, gegenüber { $before } in { baseline }.
    .headline-2 = Die Sitzungen hatten { more-energy } als zuvor.
    .body-2 = In { baseline } lag die Mitte bei { $before }; in { this-period }, über { $n } Sitzungen, bei { $mean }.
    .headline-3 = { This-period } hatte { more-energy }.
    .body-3 = { $n } Sitzungen hatten ihre Mitte bei { $mean }; in { baseline } lag sie bei { $before }.
changed-arousal-lower =
    .headline-1 = { your-period } hatte { less-energy } als sonst.
    .body-1 = Die Mitte von { $n } Sitzungen war { $mean }, gegenüber { $before } in { baseline }.
    .headline-2 = Die Sitzungen hatten { less-energy } als zuvor.
    .body-2 = In { baseline } lag die Mitte bei { $before }; in { this-period }, über { $n } Sitzungen, bei { $mean }.
    .headline-3 = { This-period } hatte { less-energy }.
    .body-3 = { $n } Sitzungen hatten ihre Mitte bei { $mean }; in { baseline } lag sie bei { $before }.
changed-family-higher =
    .headline-1 = { family } zeigte sich öfter als sonst.
    .body-1 = In { present } in { this-period }, gegenüber { present-before } in { baseline }.
    .headline-2 = { family } kam in { this-period } öfter vor.
    .body-2 = Das war in { present } so. In { baseline } war es in { present-before } so.
    .headline-3 = Mehr { family } als sonst.
    .body-3 = In { present }; in { baseline } waren es { present-before }.
changed-family-lower =
    .headline-1 = { family } zeigte sich seltener als sonst.
    .body-1 = In { present } in { this-period }, gegenüber { present-before } in { baseline }.
    .headline-2 = { family } kam in { this-period } seltener vor.
    .body-2 = Das war in { present } so. In { baseline } war es in { present-before } so.
    .headline-3 = Weniger { family } als sonst.
    .body-3 = In { present }; in { baseline } waren es { present-before }.
# Wenn alle früheren Sitzungen zusammen andersherum liegen als die früheren Zeiträume einzeln, mit denen verglichen wird.
changed-family-higher-by-period =
    .headline-1 = { family } zeigte sich öfter als sonst.
    .body-1 = In { present } in { this-period }. Einzeln genommen war es in { baseline } in etwa { $expected } von { $n } so.
    .headline-2 = Mehr { family } als sonst.
    .body-2 = In { this-period } in { present }; in { baseline }, einzeln genommen, in etwa { $expected } von { $n }.
changed-family-lower-by-period =
    .headline-1 = { family } zeigte sich seltener als sonst.
    .body-1 = In { present } in { this-period }. Einzeln genommen war es in { baseline } in etwa { $expected } von { $n } so.
    .headline-2 = Weniger { family } als sonst.
    .body-2 = In { this-period } in { present }; in { baseline }, einzeln genommen, in etwa { $expected } von { $n }.
changed-spread-higher =
    .headline-1 = Die Sitzungen lagen in der { axis } weiter auseinander.
    .body-1 = Über { $n } Sitzungen in { this-period } streuten sie etwa { $times }-mal so weit wie in { baseline }.
    .headline-2 = Die { axis } wechselte mehr als sonst.
    .body-2 = Die Streuung von { $n } Sitzungen in { this-period } war etwa { $times }-mal so groß wie in { baseline }.
changed-spread-lower =
    .headline-1 = Die Sitzungen lagen in der { axis } näher beieinander.
    .body-1 = Über { $n } Sitzungen in { this-period } streuten sie etwa { $times }-mal so weit wie in { baseline }.
    .headline-2 = Die { axis } wechselte weniger als sonst.
    .body-2 = Die Streuung von { $n } Sitzungen in { this-period } war etwa { $times }-mal so groß wie in { baseline }.
changed-recovery-higher =
    .headline-1 = Ausschläge in Sitzungen kamen schneller zurück.
    .body-1 = Um etwa { $rate } je Beitrag über { $n } Ausschläge der Stimmung in { this-period }, gegenüber { $rate-before } in { baseline }.
    .headline-2 = Der Weg zurück war schneller als sonst.
    .body-2 = In { baseline } waren es etwa { $rate-before } je Beitrag; in { this-period }, über { $n } Ausschläge der Stimmung, { $rate }.
changed-recovery-lower =
    .headline-1 = Ausschläge in Sitzungen kamen langsamer zurück.
    .body-1 = Um etwa { $rate } je Beitrag über { $n } Ausschläge der Stimmung in { this-period }, gegenüber { $rate-before } in { baseline }.
    .headline-2 = Der Weg zurück war langsamer als sonst.
    .body-2 = In { baseline } waren es etwa { $rate-before } je Beitrag; in { this-period }, über { $n } Ausschläge der Stimmung, { $rate }.
first-time =
    .headline-1 = { family }, zum ersten Mal seit { $back } { periods-dative }.
    .body-1 = In { present } in { this-period }; in keiner von { $n-before } in den { $back } { periods-dative } davor.
    .headline-2 = Neu in { this-period }: { family }.
    .body-2 = In { present } war das so. Zurückgeschaut wurde { $back } { periods }: in keiner von { $n-before } Sitzungen kam es vor.
returned =
    .headline-1 = { family } zeigte sich wieder.
    .body-1 = In { present } in { this-period }, nach keiner von { $n-away } in { baseline }. Vor fünf bis zwölf { periods-dative } waren es { $count-old } von { $n-old }.
    .headline-2 = { family } kam in { this-period } zurück.
    .body-2 = In { present } war das so. In { baseline } kam es in keiner von { $n-away } vor; vor fünf bis zwölf { periods-dative } in { $count-old } von { $n-old }.

## Was sich nicht geändert hat

steady-valence =
    .headline-1 = Die Stimmung blieb beständig.
    .body-1 = Die Mitte von { $n } Sitzungen war { $mean }, gegenüber { $before } in { baseline }.
    .headline-2 = Die Stimmung blieb in ihrem üblichen Bereich.
    .body-2 = { $mean } über { $n } Sitzungen in { this-period }; in { baseline } lag sie bei { $before }.
    .headline-3 = Keine klare Verschiebung der Stimmung.
    .body-3 = In { baseline } lag die Mitte bei { $before }; in { this-period }, über { $n } Sitzungen, bei { $mean }.
steady-arousal =
    .headline-1 = Die Energie blieb beständig.
    .body-1 = Die Mitte von { $n } Sitzungen war { $mean }, gegenüber { $before } in { baseline }.
    .headline-2 = Die Energie blieb in ihrem üblichen Bereich.
    .body-2 = { $mean } über { $n } Sitzungen in { this-period }; in { baseline } lag sie bei { $before }.
    .headline-3 = Keine klare Verschiebung der Energie.
    .body-3 = In { baseline } lag die Mitte bei { $before }; in { this-period }, über { $n } Sitzungen, bei { $mean }.
nothing-new =
    .headline-1 = Nichts Neues in { this-period }, soweit erkennbar.
    .body-1 = { $tested ->
        [one] { $tested } Vergleich
       *[other] { $tested } Vergleiche
    } mit { baseline } zeigten keine klare Änderung, über { $n } Sitzungen.
    .headline-2 = { your-period } stach nicht hervor.
    .body-2 = Von { $tested } Vergleichen mit { baseline } fiel keiner auf. Gezählt wurden { $n } Sitzungen.
    .headline-3 = In { this-period } fiel keine Änderung auf.
    .body-3 = { $n } Sitzungen wurden mit { baseline } verglichen, in { $tested } Vergleichen.

## Was über viele Zeiträume gilt

weekday-higher =
    .headline-1 = { On-weekday } wirkten Sitzungen { more-pleasant }.
    .body-1 = { $inside } davon lagen im Schnitt { $gap } höher als { $outside } an anderen Tagen, in { together }.
    .headline-2 = Sitzungen lagen { on-weekday } { more-pleasant }.
    .body-2 = In { together } lagen { $inside } davon im Schnitt { $gap } höher als { $outside } an anderen Tagen.
weekday-lower =
    .headline-1 = { On-weekday } wirkten Sitzungen { less-pleasant }.
    .body-1 = { $inside } davon lagen im Schnitt { $gap } tiefer als { $outside } an anderen Tagen, in { together }.
    .headline-2 = Sitzungen lagen { on-weekday } { less-pleasant }.
    .body-2 = In { together } lagen { $inside } davon im Schnitt { $gap } tiefer als { $outside } an anderen Tagen.
daypart-higher =
    .headline-1 = { In-daypart } wirkten Sitzungen { more-pleasant }.
    .body-1 = { $inside } davon lagen im Schnitt { $gap } höher als { $outside } zu anderen Zeiten, in { together }.
    .headline-2 = Sitzungen lagen { in-daypart } { more-pleasant }.
    .body-2 = In { together } lagen { $inside } davon im Schnitt { $gap } höher als { $outside } zu anderen Zeiten.
daypart-lower =
    .headline-1 = { In-daypart } wirkten Sitzungen { less-pleasant }.
    .body-1 = { $inside } davon lagen im Schnitt { $gap } tiefer als { $outside } zu anderen Zeiten, in { together }.
    .headline-2 = Sitzungen lagen { in-daypart } { less-pleasant }.
    .body-2 = In { together } lagen { $inside } davon im Schnitt { $gap } tiefer als { $outside } zu anderen Zeiten.
shift-valence-higher =
    .headline-1 = { feature }-Sitzungen endeten eher { more-pleasant }.
    .body-1 = Im Schnitt um { $shift }, erster bis letzter Beitrag: { $n } davon, in { together }.
    .headline-2 = In { feature }-Sitzungen stieg die Stimmung eher.
    .body-2 = Vom ersten Beitrag zum letzten im Schnitt um { $shift }: { $n } Sitzungen, in { together }.
shift-valence-lower =
    .headline-1 = { feature }-Sitzungen endeten eher { less-pleasant }.
    .body-1 = Im Schnitt um { $shift }, erster bis letzter Beitrag: { $n } davon, in { together }.
    .headline-2 = In { feature }-Sitzungen sank die Stimmung eher.
    .body-2 = Vom ersten Beitrag zum letzten im Schnitt um { $shift }: { $n } Sitzungen, in { together }.
shift-arousal-higher =
    .headline-1 = { feature }-Sitzungen endeten eher mit { more-energy }.
    .body-1 = Im Schnitt um { $shift }, erster bis letzter Beitrag: { $n } davon, in { together }.
    .headline-2 = In { feature }-Sitzungen stieg die Energie eher.
    .body-2 = Vom ersten Beitrag zum letzten im Schnitt um { $shift }: { $n } Sitzungen, in { together }.
shift-arousal-lower =
    .headline-1 = { feature }-Sitzungen endeten eher mit { less-energy }.
    .body-1 = Im Schnitt um { $shift }, erster bis letzter Beitrag: { $n } davon, in { together }.
    .headline-2 = In { feature }-Sitzungen sank die Energie eher.
    .body-2 = Vom ersten Beitrag zum letzten im Schnitt um { $shift }: { $n } Sitzungen, in { together }.
contrast-valence-higher =
    .headline-1 = { feature }-Sitzungen gingen mehr zum Angenehmen.
    .body-1 = Ein Abstand von { $gap }, vom ersten Beitrag zum letzten: { $inside } davon gegenüber { $outside } anderen, in { together }.
    .headline-2 = Mehr zum Angenehmen: { feature }-Sitzungen.
    .body-2 = In { together } war der Abstand { $gap }, vom ersten Beitrag zum letzten: { $inside } davon, { $outside } andere.
contrast-valence-lower =
    .headline-1 = { feature }-Sitzungen gingen mehr zum Unangenehmen.
    .body-1 = Ein Abstand von { $gap }, vom ersten Beitrag zum letzten: { $inside } davon gegenüber { $outside } anderen, in { together }.
    .headline-2 = Mehr zum Unangenehmen: { feature }-Sitzungen.
    .body-2 = In { together } war der Abstand { $gap }, vom ersten Beitrag zum letzten: { $inside } davon, { $outside } andere.
contrast-arousal-higher =
    .headline-1 = { feature }-Sitzungen gingen mehr in Richtung hoher Energie.
    .body-1 = Ein Abstand von { $gap }, vom ersten Beitrag zum letzten: { $inside } davon gegenüber { $outside } anderen, in { together }.
    .headline-2 = Mehr in Richtung hoher Energie: { feature }-Sitzungen.
    .body-2 = In { together } war der Abstand { $gap }, vom ersten Beitrag zum letzten: { $inside } davon, { $outside } andere.
contrast-arousal-lower =
    .headline-1 = { feature }-Sitzungen gingen mehr in Richtung niedriger Energie.
    .body-1 = Ein Abstand von { $gap }, vom ersten Beitrag zum letzten: { $inside } davon gegenüber { $outside } anderen, in { together }.
    .headline-2 = Mehr in Richtung niedriger Energie: { feature }-Sitzungen.
    .body-2 = In { together } war der Abstand { $gap }, vom ersten Beitrag zum letzten: { $inside } davon, { $outside } andere.
moved-most =
    .headline-1 = { feature }-Sitzungen bewegten sich am weitesten.
    .body-1 = Die Stimmung verschob sich in { $inside } davon um etwa { $own } in beide Richtungen, in { $outside } anderen um { $rest }, in { together }.
    .headline-2 = In { feature }-Sitzungen ging die Stimmung am weitesten.
    .body-2 = Um etwa { $own } in beide Richtungen in { $inside } Sitzungen, um { $rest } in { $outside } anderen, in { together }.
