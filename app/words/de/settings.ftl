### Was das Mitglied über seine Daten bestimmt, auf Deutsch.

settings-title = Deine Daten
settings-counts = Was zählt
settings-counts-link = Was ausgelassen ist
settings-your-words = Deine Worte
settings-language = Sprache
settings-language-note = Die Sprache dieser Seiten und deiner Karten. Wenn sie sich ändert, werden die Karten neu geschrieben; das dauert einen Moment.
settings-language-of-app = Wie in der App, in der ich schreibe
settings-language-choose = Diese Sprache verwenden
settings-counting = Wie du Spectrum nutzt
settings-counted = Wie du Spectrum nutzt, darf gezählt werden: ja. Welche Seiten und Karten wie lange offen sind, nie was du geschrieben oder gefühlt hast.
settings-not-counted = Wie du Spectrum nutzt, darf gezählt werden: nein. Nichts davon wird behalten.
settings-stop-counting = Nicht mehr zählen und das Gezählte löschen
settings-count = Zählen lassen
settings-calendar = Zeit und Wochen
settings-calendar-note = Wo du lebst, denn danach richtet sich, auf welchen Tag eine Sitzung fällt, und der Tag, an dem deine Wochen beginnen.
settings-calendar-link = Zeit und Wochen ändern
settings-model = Wer die Worte wählt
settings-model-yes = Ein Sprachmodell darf Befunde anders formulieren. Es bekommt Anzahlen und Namen von Gefühlen, nie ein Wort von dir, und was es schreibt, wird an den Zahlen geprüft.
settings-model-no = Jeder Satz kommt aus Vorlagen, die Menschen geschrieben haben. Kein Sprachmodell wird gefragt.
settings-model-allow = Ein Modell Worte wählen lassen
settings-model-stop = Nur Vorlagen
settings-notices-note = Ob du erfährst, wenn eine Woche bereit ist, wann und auf welchen Geräten. Ein Hinweis sagt das und sonst nichts.
settings-notices-link = Wenn eine Woche bereit ist
notices-title = Hinweise
notices-when = Wenn eine Woche bereit ist
notices-what = Ein Hinweis sagt, dass eine Woche bereit ist, und nichts von dem, was darin steht. Er kommt höchstens einmal in der Woche, und nicht, wenn du schon nachgesehen hast.
notices-none-here = Von hier werden keine Hinweise verschickt.
notices-off = Du bekommst keinen Hinweis, wenn eine Woche bereit ist.
notices-on = Du bekommst den Hinweis am Tag nach dem Ende deiner Woche, nach { $hour } dort, wo du lebst.
notices-on-day = Du bekommst den Hinweis am { $day }, nach { $hour } dort, wo du lebst.
notices-where = Sag es mir
notices-channel-apns = auf iPhone und iPad
notices-channel-fcm = auf Android
notices-channel-web = in Browsern
notices-day = Am
notices-day-after = Tag nach dem Ende meiner Woche
notices-hour = Nach
notices-quiet-from = Nie von
notices-quiet-until = bis
notices-save = Speichern
notices-devices = Wo
notices-no-devices = Keines deiner Geräte hat um Hinweise gebeten.
notices-platform-ios = iPhone oder iPad
notices-platform-android = Android-Gerät
notices-platform-web = Browser
notices-seen = Zuletzt gemeldet am { $day }
notices-remove = Entfernen
notices-remove-named = Entfernen: { $device }, { $seen }
notices-browser-note = Auch dieser Browser kann es dir sagen. Er fragt dich vorher, ob er darf.
notices-browser-script = Dazu braucht es Skript, das in diesem Browser aus ist.
notices-browser-turn-on = In diesem Browser sagen
notices-browser-working = Einen Moment.
notices-browser-on = Dieser Browser sagt es dir von jetzt an.
notices-browser-denied = Der Browser darf nicht. Das lässt sich in seinen eigenen Einstellungen für diese Seite ändern.
notices-browser-missing = Dieser Browser kann es nicht. Auf iPhone und iPad kann er es, sobald diese Seite auf dem Home-Bildschirm liegt.
notices-browser-failed = Das hat nicht geklappt, und nichts wurde geändert. Du kannst es noch einmal versuchen.
notices-test = Klappt es?
notices-test-note = Ein Test geht sofort an deine Geräte. Er ist geschrieben wie ein Hinweis.
notices-test-send = Einen Test schicken
told-notices = Gemerkt. Was noch verschickt werden soll, richtet sich danach.
told-test = Ein Test ist unterwegs.
told-no-test = Keines deiner Geräte ist von hier zu erreichen, also ging kein Test hinaus.
told-device-removed = Entfernt. Dieses Gerät bekommt keinen Hinweis mehr.
calendar-heading = Wann ein Tag ist, und wann eine Woche
calendar-zone = Zeitzone
calendar-zone-note = Was war, bleibt an dem Tag, an dem es erlebt wurde; eine neue Zone gilt für Sitzungen von jetzt an.
calendar-week-start = Wochen beginnen am
calendar-weeks-note = Mit einem anderen ersten Tag werden deine Wochen neu zusammengezählt und neu erzählt; das dauert einen Moment.
calendar-part = { $part ->
    [africa] Afrika
    [america] Amerika
    [antarctica] Antarktis
    [arctic] Arktis
    [asia] Asien
    [atlantic] Atlantik
    [australia] Australien
    [europe] Europa
    [indian] Indischer Ozean
   *[pacific] Pazifik
}
calendar-save = Speichern
settings-who-looked = Wer hineingesehen hat
settings-who-looked-note = Jeder Blick einer Person auf deine Daten, und alles, was mit ihnen getan wurde.
settings-who-looked-link = Nachsehen, wer es war
settings-made-note = Woher die Zahlen und die Worte kommen, und was Menschen sagten, die sie beurteilt haben.
settings-export = Alles mitnehmen
settings-export-note = Ein Archiv mit allem, was Spectrum über dich hat.
settings-reset = Neu anfangen
settings-reset-note = Lösche, was gemessen wurde, oder auch deine Sitzungen, und mach von hier aus weiter.
settings-erase = Alles löschen
settings-erase-note = Alles, was Spectrum über dich hat, für immer.
settings-drop-text = Meine Worte nach dem Lesen verwerfen
settings-keep-text = Meine Worte { $days } Tage aufheben
settings-left-out = { $n ->
    [0] Nichts ist ausgelassen.
    [one] Eines ist ausgelassen.
   *[other] { $n } Dinge sind ausgelassen.
}
settings-paused = Pause: Was du jetzt schreibst, wird nicht gelesen. { $left_out }
settings-text-kept = Deine Worte werden { $days } Tage lang versiegelt aufgehoben, damit eine Sitzung noch einmal gelesen werden kann, wenn sie falsch gelesen wurde. Was gemessen wurde, bleibt, wenn sie gehen.
settings-text-dropped = Deine Worte werden verworfen, sobald eine Sitzung gelesen ist. Was gemessen wurde, bleibt; noch einmal messen lässt es sich nicht.

## Was ein Formular getan hat

told-left-out = Ausgelassen. { $change }
told-taken-in = Wieder aufgenommen. { $change }
told-paused = Pause. Was du von jetzt an schreibst, wird nicht gelesen, bis du sie beendest.
told-resumed = Die Pause ist zu Ende. Was du von jetzt an schreibst, wird gelesen; was du inzwischen geschrieben hast, bleibt draußen.
told-text-kept = Geändert. Deine Worte werden von jetzt an 30 Tage aufgehoben.
told-text-dropped = { $n ->
    [0] Geändert. Deine Worte werden verworfen, sobald eine Sitzung gelesen ist.
    [one] Geändert. Die Worte einer Sitzung, die schon gelesen war, sind weg.
   *[other] Geändert. Die Worte von { $n } Sitzungen, die schon gelesen waren, sind weg.
}
told-language = Geändert. Deine Karten werden jetzt in dieser Sprache geschrieben.
told-counted = Geändert. Wie du Spectrum nutzt, wird ab jetzt gezählt.
told-not-counted = Geändert. Wie du Spectrum nutzt, wird nicht gezählt, und das Gezählte ist weg.
told-model-allowed = Geändert. Von der nächsten Karte an darf ein Modell Worte wählen.
told-model-stopped = Geändert. Was ein Modell formuliert hatte, ist wieder von Vorlagen geschrieben.
told-zone = Geändert. Sitzungen von jetzt an fallen auf die Tage dieser Zone.
told-weeks = Geändert. Deine Wochen werden neu zusammengezählt und neu erzählt.
told-calendar-same = Nichts wurde geändert: So war es schon.
told-bad-days = Nichts wurde geändert: Wähl einen ersten und einen letzten Tag, den letzten nicht vor dem ersten.
told-unknown = Nichts wurde geändert: Das steht nicht mehr in der Liste.
told-failed = Nichts wurde geändert: Auf unserer Seite hat etwas nicht geantwortet. Du kannst es noch einmal versuchen.
told-wide-none = Davon ist noch keine Sitzung berührt.
told-wide-no-week = { $n ->
    [one] Eine Sitzung
   *[other] { $n } Sitzungen
}, und die Zahlen keiner Woche haben sich geändert.
told-wide-weeks = { $n ->
    [one] Eine Sitzung
   *[other] { $n } Sitzungen
} in { $weeks ->
    [one] einer Woche.
   *[other] { $weeks } Wochen. Die neueste davon:
} { $effect }

## Was ausgelassen ist

exclusions-title = Was ausgelassen ist
exclusions-none = Nichts ist ausgelassen. Jede Sitzung, die sich messen lässt, zählt.
exclusions-now = Jetzt ausgelassen
exclusions-kept = Gelöscht wird nichts. Was wieder aufgenommen wird, ergibt dieselben Zahlen.
exclusions-resume = Pause jetzt beenden
exclusions-include = Wieder aufnehmen
exclusions-include-name = Wieder aufnehmen: { $scope }
exclusions-pause = Pause
exclusions-pause-note = Was du von jetzt an schreibst, wird nicht gelesen, bis du die Pause beendest.
exclusions-pause-now = Ab jetzt pausieren
exclusions-kind = Eine Art von Sitzung auslassen
exclusions-which = Welche
exclusions-exclude = Auslassen
exclusions-time = Eine Zeit auslassen
exclusions-first = Erster Tag
exclusions-last = Letzter Tag
exclusions-why = Warum, wenn du magst
exclusions-no-reason = Möchte ich nicht sagen
exclusions-reason = { $reason ->
    [private] Zu privat, um gezählt zu werden
    [not_about_me] Es ging nicht um mich
    [trial] Ich habe nur etwas ausprobiert
   *[unusual] Eine Zeit wie keine andere
}
exclusions-session = Eine Sitzung
exclusions-feature = Alle Sitzungen mit { $feature }
exclusions-range = { $first } bis { $last }
exclusions-pause-since = Alles seit dem { $from }
exclusions-pause-range = Die Pause vom { $from } bis zum { $until }
exclusions-since = Ausgelassen am { $day }{ $reason ->
    [private] : zu privat, um gezählt zu werden.
    [not_about_me] : Es ging nicht um mich.
    [trial] : Ich habe nur etwas ausprobiert.
    [unusual] : eine Zeit wie keine andere.
   *[none] .
}

## Alles mitnehmen

export-title = Alles mitnehmen
export-what = Ein Archiv mit allem, was Spectrum über dich hat: deine Sitzungen und ihre Worte, soweit sie noch aufgehoben sind, was daran gemessen wurde, was du ausgelassen hast, und die Summen deiner Tage, Wochen und Monate. Was jede Datei ist, sagt die README darin.
export-note = Im Archiv stehen deine eigenen Worte: Heb es auf, wo nur du es lesen kannst.
export-fetch = Archiv abholen
export-anew = Neu zusammenstellen
export-first = Alles zusammenstellen
export-again = Noch einmal zusammenstellen
export-failed = Es wurde nichts bestellt: Auf unserer Seite hat etwas nicht geantwortet. Versuch es in einer Minute noch einmal.
export-back = Zurück zu deinen Daten
export-nothing = Noch ist nichts zusammengestellt. Es dauert ein oder zwei Minuten.
export-under-way = Es wird zusammengestellt. Du kannst diese Seite verlassen und wiederkommen.
export-ready = Zusammengestellt am { $ready }: { $size } vor dem Packen. Du kannst es bis zum { $until } abholen, so oft du willst.
export-gone = Das Archiv vom { $ready } wurde am { $until } verworfen. Sonst hat sich nichts geändert.
export-moment = { $day } um { $clock }
export-size = { $unit ->
    [mb] { $size } MB
    [kb] { $size } KB
   *[bytes] { $size } Bytes
}

## Neu anfangen

reset-title = Neu anfangen
reset-what = Was weg soll
reset-twice = Bevor etwas verschwindet, wirst du noch einmal gefragt, mit allem, was es bedeutet.
reset-erase = Löschen
reset-derived = Was gemessen wurde: Gefühle, Tage, Wochen und Monate
reset-raw = Das, und meine Sitzungen mit jedem Wort, das noch da ist
reset-before = Nur von Tagen vor (leer: von allen Tagen)
reset-exclusions = Was ausgelassen ist
reset-keep = Was ich ausgelassen habe, bleibt ausgelassen
reset-go-on = Weiter
reset-sure = Bist du sicher?
reset-sure-derived = Alles, was gemessen wurde, wird gelöscht: Gefühle, Berichtigungen, Tage, Wochen und Monate. Deine Sitzungen bleiben in der Liste, ohne Zahlen, und werden nicht noch einmal gemessen.
reset-sure-raw = Deine Sitzungen werden gelöscht, mit jedem Wort, das noch da ist, und allem, was gemessen wurde.
reset-sure-all = Es geht um alle Tage bis jetzt.
reset-sure-before = Es geht um alle Tage vor dem { $day }.
reset-sure-kept = Was du ausgelassen hast, bleibt ausgelassen.
reset-sure-forgotten = Auch was du ausgelassen hast, wird vergessen: Alles, was du von jetzt an schreibst, zählt.
reset-sure-receipt = Das lässt sich nicht rückgängig machen. Du bekommst einen unterschriebenen Beleg darüber, was gelöscht wurde.
reset-now = Löschen und neu anfangen
reset-back = Zurück, und alles behalten
reset-done = Du fängst neu an.
reset-done-receipt = Ein unterschriebener Beleg sagt, was gefunden und gelöscht wurde und dass nichts davon übrig ist.
receipt-save = Beleg sichern

## Alles löschen

erase-title = Alles löschen
erase-word = löschen
erase-note = Eine ausgelassene Sitzung bleibt erhalten und lässt sich wieder aufnehmen. Eine gelöschte nicht.
erase-not-meant = Das Wort wurde nicht eingetippt, darum wurde nichts geändert.
erase-failed = Auf unserer Seite hat etwas nicht geantwortet. Du kannst es in einer Minute noch einmal versuchen.
erase-all = Damit verschwindet alles, was Spectrum über dich hat, für immer. Niemand kann es zurückbringen.
erase-goes = Was weggeht
erase-goes-sessions = Deine Sitzungen und jedes Wort darin, das noch da ist
erase-goes-measured = Was gemessen wurde: Gefühle, Tage, Wochen und Monate
erase-goes-settings = Was du ausgelassen hast, deine Einstellungen und Einwilligungen
erase-goes-key = Der Schlüssel, mit dem deine Worte versiegelt sind, und jede Anmeldung
erase-stays = Was bleibt
erase-stays-number = Eine Nummer, die für dich steht und niemanden nennt, damit eine zurückgespielte Sicherung dich nicht zurückbringt, und ein Vermerk, dass etwas gelöscht wurde
erase-stays-backups = Sicherungen, bis sie ablaufen. Deine Worte darin kann ohne den Schlüssel niemand lesen
erase-stays-conversations = Die Gespräche selbst: Sie gehören zu der App, in der du schreibst
erase-sure = Zur Sicherheit
erase-type = Um weiterzumachen, tipp »{ erase-word }«
erase-now = Alles über mich löschen
erase-back = Zurück, und alles behalten
erase-looked = Nachsehen, wer hineingesehen hat und was getan wurde
erased-done = Alles ist gelöscht.
erased-done-more = Ein unterschriebener Beleg sagt, was gefunden und gelöscht wurde und dass nichts übrig ist. Er nennt niemanden.
erased-under-way = Du bist abgemeldet, und alles wird gelöscht.
erased-under-way-more = Es dauert einen Moment. Dann sagt ein unterschriebener Beleg, was gefunden und gelöscht wurde und dass nichts übrig ist. Er nennt niemanden.
erased-number = Die Nummer dieser Löschung:
erased-keep = Heb die Nummer auf oder die Adresse dieser Seite: Damit ist der Beleg jederzeit zu haben. Niemand kann ihn für dich heraussuchen, denn hier steht nirgends mehr, wem er gehört.

## Wer hineingesehen hat

looked-title = Wer hineingesehen hat
looked-note = Jede Zeile wird im selben Schritt geschrieben wie das, wovon sie spricht, und sechs Jahre aufgehoben.
looked-nobody = Niemand hat hineingesehen, und nichts wurde geändert. Was von jetzt an geschieht, steht dann hier.
looked-table = Was getan wurde
looked-when = Wann
looked-who = Wer
looked-what = Was
looked-lead = Jeder Blick einer Person aus dem Team auf deine Daten, und jede Änderung an dem, was daraus gemacht wurde. Das Neueste zuerst.
looked-at = { $day }, { $clock }
looked-actor-member = Du
looked-actor-host = Die App, in der du schreibst
looked-actor-staff = Eine Person aus dem Produktteam
looked-actor-operator = Eine Person, die Spectrum betreibt
looked-actor-machine = Spectrum, von selbst
looked-verb-session-excluded = eine Sitzung von der Auswertung ausgenommen
looked-verb-session-included = eine Sitzung wieder aufgenommen
looked-verb-corrected = berichtigt, was an einer Sitzung gemessen wurde
looked-verb-reset = alles gelöscht, was abgeleitet war
looked-verb-erasure-requested = verlangt, dass alles gelöscht wird
looked-verb-erased = alles gelöscht
looked-verb-exported = eine Kopie deiner Daten herausgegeben
looked-verb-purged = verworfen, was lange genug aufgehoben war
looked-verb-looked = deine Daten angesehen
looked-verb-jobs-retried = misslungene Arbeit wieder eingereiht
looked-verb-job-buried = wartende Arbeit aus der Reihe genommen
looked-verb-queue-paused = eine Warteschlange angehalten
looked-verb-queue-resumed = eine Warteschlange weiterlaufen lassen
looked-verb-scope-excluded = eine Funktion oder eine Zeit von der Auswertung ausgenommen
looked-verb-scope-included = eine Funktion oder eine Zeit wieder aufgenommen
looked-verb-correction-taken-back = eine Berichtigung zurückgenommen
looked-verb-keeping-decided = bestimmt, wie lange Worte aufgehoben werden
looked-verb-counting-decided = bestimmt, ob die Nutzung gezählt wird
looked-verb-model-decided = bestimmt, ob ein Modell Worte wählen darf
looked-verb-push-decided = entschieden, ob und wann du von einer Woche hörst
looked-verb-channel = den Versand von Hinweisen angehalten oder fortgesetzt
looked-verb-experiment = eine Erprobung begonnen oder beendet
looked-verb-calendar-changed = die Zeitzone oder den ersten Tag der Wochen geändert
looked-verb-keys-rotated = deinen Schlüssel unter einen neuen Hauptschlüssel gestellt
