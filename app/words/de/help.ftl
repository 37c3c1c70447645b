### Die Hilfetafel, auf Deutsch. ENTWURF: vor einer Veröffentlichung durchzusehen von einer Fachperson, und bei jeder Änderung wieder.

help-title = Jemand zum Reden
help-people = Wenn es sehr schwer ist oder du dich nicht sicher fühlst: Es gibt Menschen, die zu jeder Stunde zuhören.
help-everywhere = In jedem Land: Auf findahelpline.com steht, wer in deiner Nähe erreichbar ist.
help-danger = Wenn du oder jemand anderes jetzt in Gefahr ist, ruf den Notruf an.
