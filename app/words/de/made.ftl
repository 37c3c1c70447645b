### Wie das entsteht, auf Deutsch.

made-title = Wie das entsteht
made-numbers = Die Zahlen
made-numbers-how = Ein Modell in Spectrum liest deine Sitzungen und schätzt, welche Gefühle in deinen eigenen Worten sind. Alles, was du siehst, ist aus diesen Schätzungen gezählt. Sie können danebenliegen; du kannst eine Sitzung berichtigen oder auslassen, und was auf ihr beruht, ändert sich sofort.
made-words = Die Worte
made-words-how = Karten und Monate werden von Vorlagen geschrieben ({ $revision }), die sagen, was gefunden wurde, und sonst nichts.
made-no-model = Es ist kein Modell im Einsatz: Jedes Wort, das du siehst, schreiben Vorlagen.
made-model = Für Mitglieder, die dem zugestimmt haben, darf ein Modell Gefundenes in andere Worte fassen. Es bekommt Namen von Gefühlen und Anzahlen, nie ein Wort von dir. Was es schreibt, wird an den Zahlen geprüft; was nicht stimmt, wird verworfen, und die Worte der Vorlage bleiben. Im Einsatz sind:
made-in-use = { $of ->
    [monthly] Monatstexte
   *[weekly] Wochentexte
} auf { $language ->
    [de] Deutsch
   *[en] Englisch
}: Fassung { $number } des Prompts »{ $of }«
made-judged = Was Menschen sagten, die es beurteilt haben
made-judged-how = Bevor eine Fassung eingesetzt wird, beurteilen Menschen, was sie über ausgedachte Mitglieder schreibt, ohne zu wissen, was von wem ist. Dafür braucht es { $decided } Paare, die in beiden Reihenfolgen gleich entschieden wurden, { $scored } bewertete Texte mit im Mittel { $mean } von 2 Punkten oder mehr, und keinen Text, der an einem Maßstab der Sicherheit scheitert.
made-not-judged = Noch wurde keine Fassung beurteilt.
made-batch = { $name }, Fassung { $number }, { $language ->
    [de] Deutsch
   *[en] Englisch
}
made-closed = Geschrieben von { $model }, abgeschlossen am { $day }
made-undecided = Kein Paar wurde entschieden.
made-won = Vorgezogen wurde sie in { $won } von { $decided } entschiedenen Paaren (95-%-Bereich von { $low } bis { $high } %), verglichen mit { $baseline }.
made-pairs = { $pairs } Paare wurden von { $reviewers } Menschen beurteilt; { $equal } waren gleich gut, { $unsteady } schwankten.
made-agreement = Übereinstimmung derer, die urteilten (Krippendorffs Alpha): { $alpha }.
made-unfit = { $n } ihrer Texte wurden untauglich genannt oder scheiterten an einem Maßstab der Sicherheit.
made-refused = { $n } Antworten hatte der Wächter verworfen, bevor jemand sie sah.
made-points = Punkte nach Maßstab
made-points-caption = Punkte von 2, im Mittel von { $n } Texten
made-criterion = Maßstab
made-its-texts = Diese Texte
made-other-texts = Die anderen
made-all = alle
made-criterion-name = { $criterion ->
    [grounded] durch Zahlen gedeckt
    [non_diagnostic] keine Diagnose
    [safe] sicher
    [no_leakage] nichts aus eigenen Worten
    [hedged] vorsichtig
    [specific] nur hier zutreffend
    [balanced] ausgewogen
   *[plain] einfach
}
