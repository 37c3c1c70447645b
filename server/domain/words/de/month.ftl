### Was der Text eines Monats auf Deutsch neben den Sätzen der Karten sagt. Die Teile stehen in cards.ftl.

heading-counted = Was gezählt wurde
heading-lay = Wo es lag
heading-held = Was darin war
heading-changed = Was sich änderte und was nicht
heading-holds = Was über viele Monate gilt

month-counted =
    .text-1 = In diesem Monat wurden { $n } Sitzungen gezählt, an { days }.
    .text-2 = Dieser Monat beruht auf { $n } Sitzungen, an { days }.
    .text-3 = An { days } des Monats gab es { $n } Sitzungen.
month-before = { $n-before ->
    [0] Im Monat davor war es keine.
    [one] Im Monat davor war es { $n-before }.
   *[other] Im Monat davor waren es { $n-before }.
}
month-features = Nach Art: { $list }.
one-feature = { $count } in { feature }
month-families = { $list }.
first-family = { family } war in { present }
next-family = { family } in { $count }
month-families-before = Im Monat davor war { family } in { present-before }.
month-families-none = Kein Gefühl war in drei Sitzungen oder mehr.
list-two = { $one } und { $two }
list-three = { $one }, { $two } und { $three }

question-level =
    .text-1 = Passt dieser Unterschied zu dem Monat, wie du ihn erinnerst?
    .text-2 = Kam dir der Monat auch anders vor?
question-family =
    .text-1 = Hast du { family } in diesen Sitzungen selbst bemerkt?
    .text-2 = Scheint dir { family } das richtige Wort dafür?
question-weekday =
    .text-1 = Ist es für dich { on-weekday } auch anders?
    .text-2 = Gibt es etwas, das { on-weekday } anders ist?
question-daypart =
    .text-1 = Ist es für dich { in-daypart } auch anders?
    .text-2 = Gibt es etwas, das { in-daypart } anders ist?
question-feature =
    .text-1 = Passt das dazu, wie du { feature }-Sitzungen erlebst?
    .text-2 = Sind dir { feature }-Sitzungen so im Gedächtnis?
question-month =
    .text-1 = Passt dieses Bild zu dem Monat, wie du ihn erinnerst?
    .text-2 = Gibt es eine Sitzung in diesem Monat, die dem Bild fehlt?
    .text-3 = Ist etwas an diesem Bild neu für dich?
