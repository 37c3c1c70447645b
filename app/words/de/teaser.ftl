### Was der bezahlte Tarif dazugibt, freien Mitgliedern an ausgedachten Zahlen gezeigt, auf Deutsch. Es sagt genau, was dahinter ist,
### verspricht nichts darüber, wie Wochen werden, und hält nichts von ihnen zurück, worüber man sich wundern müsste.

teaser-week = Was der bezahlte Tarif dazugibt
teaser-week-behind = Deine Wochen nebeneinander, Muster nach Tag und Stunde, was in jeder Woche auffiel, und ein Text am Ende des Monats.
teaser-landscape = Monate, Quartale und Jahre im bezahlten Tarif
teaser-landscape-behind = Wo deine Sitzungen in einem Monat, Quartal, Jahr oder über beliebig viele Tage lagen, Woche für Woche und neben der Zeit davor.
teaser-patterns = Muster im bezahlten Tarif
teaser-patterns-behind = Welche Gefühle in wie vielen Sitzungen einer Zeit vorkamen, wie sie sich entwickelten, wann du schreibst, und wie sich die Arten von Sitzungen unterscheiden.
teaser-feed = Was auffiel, im bezahlten Tarif
teaser-feed-behind = Ein paar Karten zu jeder Woche, die vorbei ist, jede mit den Zahlen, auf denen sie beruht, und warum sie gezeigt wird.
teaser-month = Monate im bezahlten Tarif
teaser-month-behind = Ein kurzer Text und Karten zu jedem Monat, der vorbei ist, neben den Monaten davor, und eine Frage.
teaser-made-up = Was du hier siehst, ist ausgedacht.
teaser-feed-headline = In 9 von 12 Sitzungen lag die Energie unter der üblichen Mitte.
teaser-feed-body = In den zwölf Wochen davor war es in 61 von 120 so.
teaser-feed-rests = 12 Sitzungen · 6 Tage · deutlich
teaser-month-headline = Ein Monat mit mehr Ruhe darin
teaser-month-body = Ruhe kam in 21 von 44 Sitzungen vor, im Monat davor in 11 von 40. Interesse blieb etwa, wo es war.
teaser-month-question = Gibt es einen Tag in diesem Monat, den du behalten möchtest?
teaser-lead-landscape = Andere Zeiten als eine Woche gehören zum bezahlten Tarif.
teaser-lead-patterns = Muster gehören zum bezahlten Tarif.
teaser-lead-week = Jede Woche hat ihre eigene Seite, und die ist vollständig.
teaser-week-whole = Die Seiten deiner Wochen sind vollständig: Kein Teil davon wird zurückgehalten.
teaser-decide = Auslassen, Berichtigen, Mitnehmen, Neuanfangen und Löschen ist in jedem Tarif gleich. Das Archiv zum Mitnehmen enthält alles.
teaser-how = Einen Tarif wechselst du in der App, in der du schreibst.
teaser-plans = Die Tarife ansehen
