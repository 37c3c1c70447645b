### Was die Landschaft sagt, auf Deutsch. `part` ist weeks oder months.

landscape-sessions = Die Sitzungen, eine nach der anderen
landscape-patterns = Welche Gefühle, und wann

## Die Fläche

landscape-plane = Wo deine Sitzungen lagen
landscape-each-mark = Jedes Zeichen ist eine Sitzung, dort, wo ihre Worte gemessen wurden.
landscape-sides = { $side ->
    [pleasant] { $valence } von { $n } Sitzungen lagen auf der angenehmen Seite, { landscape-energy-side }.
   *[unpleasant] { $valence } von { $n } Sitzungen lagen auf der unangenehmen Seite, { landscape-energy-side }.
}
landscape-energy-side = { $energy_side ->
    [high] { $energy } von { $n } auf der Seite mit viel Energie
   *[low] { $energy } von { $n } auf der Seite mit wenig Energie
}
landscape-middle = Die Mitte: angenehm { $valence } ± { $valence_off }, Energie { $arousal } ± { $arousal_off }, jeweils zwischen −1 und 1. Das Kreuz und sein Oval zeigen, wie weit sie danebenliegen kann.
landscape-way = { $part ->
    [months] Die Linie verbindet die Mitten der Monate, die genug Sitzungen dafür haben.
   *[weeks] Die Linie verbindet die Mitten der Wochen, die genug Sitzungen dafür haben.
}
landscape-too-many = Mehr als { $most } Sitzungen sind zu viele, um jede einzeln zu zeichnen.
landscape-not-held = Einzelne Sitzungen werden nicht mehr aufbewahrt, gezeichnet ist nur, was sie zusammen ergeben.
landscape-name-before = { span-noun } davor
landscape-plane-caption = Angenehm und Energie, von −1 bis 1, mit der Weite, um die eine Mitte danebenliegen kann
landscape-column-what = Was

## Die Teile nebeneinander

landscape-steps = Wie es verlief
landscape-steps-rests = { $part ->
    [months] { $with } von { $all } Monaten hatten genug Sitzungen für eine Mitte
   *[weeks] { $with } von { $all } Wochen hatten genug Sitzungen für eine Mitte
}
landscape-steps-alone = { landscape-steps-rests }.
landscape-steps-apart = { landscape-steps-rests }: am angenehmsten lag { $most }, am wenigsten angenehm { $least }.
landscape-steps-level = { landscape-steps-rests }; wir können sie nicht auseinanderhalten.
landscape-steps-note = Ein Punkt ist eine Mitte, seine Linie, wie weit sie danebenliegen kann. Ein Strich hat zu wenige Sitzungen dafür.
landscape-steps-caption = Angenehm, von −1 bis 1

## Die Tage des Jahres

landscape-year = Die Tage des Jahres
landscape-year-most = { $quadrant ->
    [high_unpleasant] An { $n } von { $days } Tagen mit Sitzungen lagen die meisten bei viel Energie, unangenehm: kein Viertel hatte mehr Tage.
    [high_pleasant] An { $n } von { $days } Tagen mit Sitzungen lagen die meisten bei viel Energie, angenehm: kein Viertel hatte mehr Tage.
    [low_pleasant] An { $n } von { $days } Tagen mit Sitzungen lagen die meisten bei wenig Energie, angenehm: kein Viertel hatte mehr Tage.
   *[low_unpleasant] An { $n } von { $days } Tagen mit Sitzungen lagen die meisten bei wenig Energie, unangenehm: kein Viertel hatte mehr Tage.
}
landscape-year-few = { $days ->
    [one] Ein Tag mit Sitzungen.
   *[other] { $days } Tage mit Sitzungen.
}
landscape-year-note = Jedes Zeichen ist ein Tag: das Viertel der Fläche, in dem die meisten seiner Sitzungen lagen. Ein Ring ist ein Tag, an dem zwei Viertel gleich viele hatten, ein Tupfen ein Tag ohne Sitzungen.
landscape-year-caption = Tage jedes Monats, nach dem Viertel, in dem die meisten ihrer Sitzungen lagen
landscape-year-tie = Gleich viele in zweien
landscape-year-months = Monate dieses Jahres
landscape-column-month = Monat

## Neben dem Zeitraum davor

landscape-beside = Neben der Zeit davor
landscape-beside-now = jetzt
landscape-beside-before = davor
landscape-beside-note = Ein Punkt ist eine Mitte, seine Linie, wie weit sie danebenliegen kann; der hohle steht für die Zeit davor ({ span-before }). Rechts steht die Zahl der Sitzungen.
landscape-beside-caption = Mitten, von −1 bis 1, mit der Weite, um die jede danebenliegen kann
