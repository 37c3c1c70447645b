### Was die Muster sagen, auf Deutsch. `part` ist weeks oder months.

patterns-landscape = Wo die Sitzungen lagen

## Welche Gefühle sich zeigten

patterns-mix = Welche Gefühle sich zeigten
patterns-mix-none = Kein Gefühl trat hervor ({ count-sessions }).
patterns-mix-one = { $families } zeigte sich am häufigsten, in { $most } von { $n } Sitzungen.
patterns-mix-level = { $families } zeigten sich am häufigsten, je in { $most } von { $n } Sitzungen.
patterns-mix-many = { $level } Gefühle zeigten sich gleich häufig, je in { $most } von { $n } Sitzungen.
patterns-mix-breadth = { $n ->
    [one] Eines von neun Gefühlen zeigte sich.
    [9] Alle neun Gefühle zeigten sich mindestens einmal.
   *[other] { Number-word } von neun Gefühlen zeigten sich mindestens einmal.
}
patterns-mix-note = Eine Sitzung kann mehrere Gefühle enthalten oder keines, die Anteile müssen sich also nicht zu 100 % ergänzen.
patterns-mix-before = Der senkrechte Strich ist der Anteil { span-in-before }, von { $sessions }.
patterns-mix-caption = Sitzungen, in denen sich jedes Gefühl zeigte
patterns-count = { $k } von { $n }
patterns-column-feeling = Gefühl
patterns-column-share = Anteil
patterns-column-before = Davor
patterns-column-home = Zu Hause bei

## Im Lauf der Zeit

patterns-ways = Im Lauf der Zeit
patterns-ways-range = { $part ->
    [months] { $family } reichte von { $least } bis { $most } der Sitzungen eines Monats.
   *[weeks] { $family } reichte von { $least } bis { $most } der Sitzungen einer Woche.
}
patterns-ways-note = { $part ->
    [months] Eine Linie je Gefühl, alle auf einer Skala. Eine Lücke ist ein Monat mit weniger als drei Sitzungen.
   *[weeks] Eine Linie je Gefühl, alle auf einer Skala. Eine Lücke ist eine Woche mit weniger als drei Sitzungen.
}
patterns-ways-few = Um zu zeigen, wie Gefühle im Lauf der Zeit gingen, braucht es zwei Wochen mit je drei Sitzungen. Eine längere Zeit hat sie vielleicht.
patterns-ways-caption = Sitzungen jedes Teils, in denen sich ein Gefühl zeigte

## Wochentage und Tageszeiten

patterns-grid = Wochentage und Tageszeiten
patterns-grid-most = { $daypart ->
    [night] Die meisten Sitzungen begannen in der Nacht: { $k } von { $n }.
    [morning] Die meisten Sitzungen begannen am Morgen: { $k } von { $n }.
    [afternoon] Die meisten Sitzungen begannen am Nachmittag: { $k } von { $n }.
   *[evening] Die meisten Sitzungen begannen am Abend: { $k } von { $n }.
}
patterns-grid-spread = Auf keine Tageszeit fiel mehr als die Hälfte der Sitzungen ({ count-sessions }).
patterns-grid-counts = Die Zahlen sind Sitzungen. Schraffierte Felder beruhen auf einer oder zweien.
patterns-grid-note = Ein Balken reicht nach oben, wo die Sitzungen eines Felds im Mittel angenehm lagen, nach unten, wo unangenehm; bis zum Rand ist { $reach }. Die Zahlen sind Sitzungen; schraffierte Felder beruhen auf einer oder zweien und haben keinen Balken.
patterns-grid-caption = Sitzungen nach Wochentag und Tageszeit, mit ihrem Mittel von −1 bis 1
daypart = { $daypart ->
    [night] Nacht
    [morning] Morgen
    [afternoon] Nachmittag
   *[evening] Abend
}
patterns-grid-cell = { $n } Sitzungen, { $mean }

## Formen

patterns-features = Mirror, Turn und Lens
patterns-features-few = Um sie zu vergleichen, braucht es zwei von ihnen mit je acht Sitzungen an vier Tagen.
patterns-features-same = Danach, wie angenehm ihre Sitzungen lagen, können wir sie nicht auseinanderhalten.
patterns-features-apart = Sitzungen mit { $more } lagen angenehmer als die mit { $less }.
patterns-features-note = Ein Punkt ist die Mitte der Sitzungen, seine Linie, wie weit sie danebenliegen kann. Rechts steht die Zahl der Sitzungen.
patterns-features-caption = Mitten der Sitzungen, von −1 bis 1
patterns-column-feature = Form

## Vom ersten Beitrag zum letzten

patterns-moved = Vom ersten Beitrag zum letzten
patterns-moved-few = Um hier etwas zu sagen, braucht es acht Sitzungen einer Form mit mindestens zwei gemessenen Beiträgen.
patterns-moved-same = Ob Sitzungen anderswo endeten, als sie begannen, können wir nicht sagen.
patterns-moved-valence = { $way ->
    [more] Sitzungen mit { $features } endeten angenehmer, als sie begannen.
   *[less] Sitzungen mit { $features } endeten weniger angenehm, als sie begannen.
}
patterns-moved-arousal = { $way ->
    [more] Sitzungen mit { $features } endeten bei mehr Energie, als sie begannen.
   *[less] Sitzungen mit { $features } endeten bei weniger Energie, als sie begannen.
}
patterns-moved-note = Der Ring ist, wo Sitzungen begannen, die Spitze des Pfeils, wo sie im Mittel endeten, die Linie darunter, wie weit das danebenliegen kann. Das sagt, was nach was kam, nicht warum. Rechts steht die Zahl der Sitzungen.
patterns-moved-caption = Wie weit sich Sitzungen vom ersten gemessenen Beitrag zum letzten bewegten
patterns-moved-less-pleasant = weniger angenehm
patterns-moved-more-pleasant = angenehmer
patterns-moved-lower = weniger
patterns-moved-higher = mehr
patterns-moved-began = wie zu Beginn

## Die Liste der Sitzungen

sessions-title = Sitzungen
sessions-explain = Lass aus, was nicht zählen soll. Nichts wird gelöscht, und wieder aufgenommen ergibt es dieselben Zahlen.
sessions-none = Keine Sitzungen in dieser Zeit.
sessions-older = Ältere Sitzungen
sessions-newest = Neueste Sitzungen
